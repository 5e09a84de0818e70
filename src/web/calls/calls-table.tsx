/** Lists the found calls by day. */
import { Badges } from '../parts/badges.tsx';
import { goThroughItems } from '../keyboard.ts';
import { formatNumber, searchMessages as messages } from '../messages/en.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, lengthOf, type Zone } from '../times.ts';
import { callHref, type FoundCallRow, modalityList, organizerName, typeName } from './found-call.ts';

export function CallsTable({ calls }: { readonly calls: readonly FoundCallRow[] }) {
  const [shownZone] = useChoice(zone);
  return (
    <table class="calls" onKeyDown={goThroughItems}>
      <thead>
        <tr>
          <th scope="col">{messages.start}</th>
          <th scope="col">{messages.organizer}</th>
          <th scope="col">{messages.type}</th>
          <th scope="col" class="number">
            {messages.length}
          </th>
          <th scope="col" class="number">
            {messages.people}
          </th>
          <th scope="col">{messages.media}</th>
          <th scope="col">{messages.state}</th>
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
          <span class="sr">{messages.rowDetails(start, call.participants)}</span>
        </a>
      </td>
      <td class="type">{typeName(call.type)}</td>
      <td class="number length">{length === undefined ? '' : formatLength(length)}</td>
      <td class="number people">{formatNumber(call.participants)}</td>
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
    const day =
      call.startDateTime === null ? messages.unknownDay : formatTime(call.startDateTime, 'day', shownZone);
    const last = days.at(-1);
    if (last?.day === day) last.calls.push(call);
    else days.push({ day, calls: [call] });
  }
  return days;
}
