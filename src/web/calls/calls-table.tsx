/** Lists the found calls, by day when they are in the order of their start. */
import { Badges } from '../parts/badges.tsx';
import { goThroughItems } from '../keyboard.ts';
import { formatNumber, frameMessages, searchMessages as messages } from '../messages/en.ts';
import { narrow, useMedia } from '../parts/use-media.ts';
import { useChoice, zone } from '../preferences.ts';
import { formatLength, formatTime, lengthOf, type Zone } from '../times.ts';
import { CallCounts, CallNames } from './call-people.tsx';
import { type CallColumn, type CallOrder, directionOf, nextOrder } from './call-sorts.ts';
import { callHref, type FoundCallRow, modalityList, organizerName, typeName } from './found-call.ts';

interface TableProps {
  readonly calls: readonly FoundCallRow[];
  readonly order: CallOrder;
  readonly onOrder: (order: CallOrder) => void;
}

export function CallsTable({ calls, order, onOrder }: TableProps) {
  const [shownZone] = useChoice(zone);
  const isByDay = directionOf(order, 'start') !== 'none';
  const groups = isByDay ? byDay(calls, shownZone) : [{ day: undefined, calls }];
  const column = { order, onOrder };
  return (
    <table class={isByDay ? 'calls' : 'calls sorted'} onKeyDown={goThroughItems}>
      <thead>
        <tr>
          <SortedColumn {...column} name="start" title={messages.start} />
          <th scope="col">{messages.who}</th>
          <SortedColumn {...column} name="organizer" title={messages.organizer} />
          <th scope="col">{messages.type}</th>
          <SortedColumn {...column} name="length" title={messages.length} isNumber />
          <SortedColumn {...column} name="people" title={messages.people} isNumber />
          <th scope="col">{messages.media}</th>
          <th scope="col">{messages.state}</th>
        </tr>
      </thead>
      {groups.map(({ day, calls: ofDay }) => (
        <tbody key={`${day ?? ''} ${ofDay[0]?.id ?? ''}`}>
          {day !== undefined && (
            <tr class="day">
              <th scope="rowgroup" colSpan={8}>
                {day}
              </th>
            </tr>
          )}
          {ofDay.map((call) => (
            <CallRow key={call.id} call={call} zone={shownZone} isByDay={isByDay} />
          ))}
        </tbody>
      ))}
    </table>
  );
}

interface ColumnProps extends Pick<TableProps, 'order' | 'onOrder'> {
  readonly name: CallColumn;
  readonly title: string;
  readonly isNumber?: boolean;
}

function SortedColumn({ name, title, order, onOrder, isNumber = false }: ColumnProps) {
  // Rows are cards on a narrow screen: the order is chosen above them.
  const isNarrow = useMedia(narrow);
  return (
    <th scope="col" class={isNumber ? 'number' : undefined} aria-sort={directionOf(order, name)}>
      {isNarrow ? (
        title
      ) : (
        <button type="button" class="sort" onClick={() => onOrder(nextOrder(order, name))}>
          {title}
        </button>
      )}
    </th>
  );
}

interface RowProps {
  readonly call: FoundCallRow;
  readonly zone: Zone;
  /** False when the row needs its day. */
  readonly isByDay: boolean;
}

function CallRow({ call, zone: shownZone, isByDay }: RowProps) {
  const length = lengthOf(call.startDateTime, call.endDateTime);
  const style = isByDay ? 'time' : 'moment';
  const start =
    call.startDateTime === null ? frameMessages.none : formatTime(call.startDateTime, style, shownZone);
  return (
    <tr class="row">
      <td class="start">{start}</td>
      <td class="who">
        <a href={callHref(call)} data-item>
          <CallNames call={call} />
          <span class="sr">{messages.rowDetails(start, call.participants)}</span>
        </a>
        <CallCounts call={call} />
      </td>
      <td class="organizer">
        <bdi>{organizerName(call)}</bdi>
      </td>
      <td class="type">{typeName(call.type)}</td>
      <td class="number length">{length === undefined ? '' : formatLength(length)}</td>
      <td class="number people">
        {formatNumber(call.participants)} <span class="unit">{messages.peopleUnit(call.participants)}</span>
      </td>
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
