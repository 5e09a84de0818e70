/** Writes found calls as a table for files and the clipboard: a column for each fact, times in the displayed zone. */
import { callsTableMessages as messages } from '../messages/en.ts';
import type { TableText } from '../parts/table-text.ts';
import { formatSheetLength, formatSheetTime, lengthOf, type Zone } from '../times.ts';
import { zoneName } from '../zones.ts';
import { shownPeopleText } from './call-people.tsx';
import { type FoundCallRow, modalityList, organizerName, typeName } from './found-call.ts';

export function copiedCalls(calls: readonly FoundCallRow[], zone: Zone): TableText {
  const shownZone = zoneName(zone);
  const time = (dateTime: string | null) => (dateTime === null ? '' : formatSheetTime(dateTime, zone));
  return {
    columns: [
      ...[messages.start(shownZone), messages.end(shownZone), messages.length, messages.who],
      ...[messages.organizer, messages.type, messages.people, messages.external],
      ...[messages.media, messages.outcome, messages.state, messages.id],
    ],
    count: calls.length,
    cells(index) {
      const call = calls[index]!; // the caller's index is below the count
      const length = lengthOf(call.startDateTime, call.endDateTime);
      return [
        ...[time(call.startDateTime), time(call.endDateTime)],
        length === undefined ? '' : formatSheetLength(length / 1000),
        ...[shownPeopleText(call), organizerName(call), typeName(call.type), String(call.participants)],
        call.people.external === null ? '' : String(call.people.external),
        ...[modalityList(call.modalities), call.outcomeText, call.state, call.id],
      ];
    },
  };
}
