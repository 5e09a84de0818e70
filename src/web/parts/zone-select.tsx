/** Chooses the time zone of all shown times. */
import { zoneMessages as messages } from '../messages/en.ts';
import { useChoice, zone } from '../preferences.ts';
import { unknownStoredZone } from '../zone-choice.ts';
import { zoneGroups, zoneName } from '../zones.ts';

export function ZoneChoice() {
  const [chosen, setZone] = useChoice(zone);
  const groups = [...zoneGroups()];
  const isListed = ['local', 'UTC'].includes(chosen) || groups.some(([, names]) => names.includes(chosen));
  return (
    <label class="zone">
      <span class="sr">{messages.label}</span>
      <select value={chosen} onChange={({ currentTarget }) => setZone(currentTarget.value)}>
        <option value="local">{messages.local(zoneName('local'))}</option>
        <option value="UTC">{messages.utc}</option>
        {!isListed && <option value={chosen}>{chosen}</option>}
        {groups.map(([group, names]) => (
          <optgroup key={group} label={group}>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

/** Says that the stored zone cannot be used. */
export function ZoneNote() {
  const [chosen] = useChoice(zone);
  const unknown = unknownStoredZone();
  if (unknown === undefined) return null;
  return (
    <p class="notice" role="status">
      {messages.unknownStored(unknown, zoneName(chosen))}
    </p>
  );
}
