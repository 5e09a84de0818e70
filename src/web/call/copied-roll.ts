/** Writes the roll as a table for the clipboard: a column for each fact, times in the displayed zone. */
import { failureWords } from '../../contract/failure.ts';
import { kindName } from '../../contract/identity-kinds.ts';
import type { RollPerson } from '../../analysis/roll.ts';
import { peopleMessages, rollTableMessages as messages } from '../messages/en.ts';
import type { TableText } from '../parts/table-text.ts';
import { formatSheetLength, formatSheetTime, type Zone } from '../times.ts';
import { zoneName } from '../zones.ts';

export function copiedRoll(people: readonly RollPerson[], zone: Zone): TableText {
  const { name, userPrincipalName, kind, affiliation, tenant, tenantName, device, failures, id } = messages;
  const shownZone = zoneName(zone);
  const time = (dateTime: string | null) => (dateTime === null ? '' : formatSheetTime(dateTime, zone));
  return {
    columns: [
      ...[name, userPrincipalName, kind, affiliation, tenant, tenantName],
      ...[messages.joined(shownZone), messages.left(shownZone), messages.present],
      ...[device, failures, id],
    ],
    count: people.length,
    cells(index) {
      const person = people[index]!; // the caller's index is below the count
      return [
        ...[person.name, person.userPrincipalName ?? '', kindName(person.kind)],
        peopleMessages.affiliations[person.affiliation],
        ...[person.tenantId ?? '', person.tenantName ?? ''],
        ...[time(person.joinedDateTime), time(person.leftDateTime)],
        person.presentSeconds === null ? '' : formatSheetLength(person.presentSeconds),
        ...[person.platforms.join(', '), person.failures.map(failureWords).join('; '), person.id],
      ];
    },
  };
}
