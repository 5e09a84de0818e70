/** Lists the found calls by day. */
import { Badges } from '../parts/badges.tsx';
import { goThroughItems } from '../keyboard.ts';
import { useChoice, zone } from '../preferences.ts';
import { countOf, formatLength, formatTime, lengthOf, type Zone } from '../times.ts';
import { callHref, type FoundCallRow, modalityList, organizerName, typeName } from './found-call.ts';

export function CallsTable({ calls }: { readonly calls: readonly FoundCallRow[] }) {
  const [shownZone] = useChoice(zone);
  return (
    <table class="calls" onKeyDown={goThroughItems}>
      <thead>
        <tr>
          <th scope="col">Start</th>
          <th scope="col">Organizer</th>
          <th scope="col">Type</th>
          <th scope="col" class="number">
            Length
          </th>
          <th scope="col" class="number">
            People
          </th>
          <th scope="col">Media</th>
          <th scope="col">State</th>
        </tr>
      </thead>
      {byDay(calls, shownZone).map(({ day, calls: ofDay }) => (
        <tbody key={`${day} ${ofDay[0]?.id ?? ''}`}>
          <tr class="day">
            <th scope="rowgroup" colSpan={7}>
              {day}
            </th>
          </tr>
          {ofDay.map((call) => (
            <CallRow key={call.id} call={call} zone={shownZone} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

function CallRow({ call, zone: shownZone }: { readonly call: FoundCallRow; readonly zone: Zone }) {
  const length = lengthOf(call.startDateTime, call.endDateTime);
  const start = call.startDateTime === null ? '' : formatTime(call.startDateTime, 'time', shownZone);
  return (
    <tr class="row">
      <td class="start">{start}</td>
      <td class="who">
        <a href={callHref(call)} data-item>
          {organizerName(call)}
          <span class="sr">
            , {start}, {countOf(call.participants, 'person', 'people')}
          </span>
        </a>
      </td>
      <td class="type">{typeName(call.type)}</td>
      <td class="number length">{length === undefined ? '' : formatLength(length)}</td>
      <td class="number people">{call.participants.toLocaleString('en')}</td>
      <td class="media">{modalityList(call.modalities)}</td>
      <td class="went">
        <Badges call={call} />
      </td>
    </tr>
  );
}

interface Day {
  readonly day: string;
  readonly calls: readonly FoundCallRow[];
}

function byDay(calls: readonly FoundCallRow[], shownZone: Zone): readonly Day[] {
  const days: { day: string; calls: FoundCallRow[] }[] = [];
  for (const call of calls) {
    const day = call.startDateTime === null ? 'Unknown' : formatTime(call.startDateTime, 'day', shownZone);
    const last = days.at(-1);
    if (last?.day === day) last.calls.push(call);
    else days.push({ day, calls: [call] });
  }
  return days;
}
