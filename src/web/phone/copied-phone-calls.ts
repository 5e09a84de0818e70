/** Writes the rows of a phone log as a table for the clipboard: a column for each fact, times in the displayed zone. */
import type { LinkedPhoneRow, PhoneLog } from '../../contract/phone-log.ts';
import { phoneMessages as messages, phoneTableMessages as heads } from '../messages/en.ts';
import type { TableText } from '../parts/table-text.ts';
import { formatSheetLength, formatSheetTime, type Zone } from '../times.ts';
import { zoneName } from '../zones.ts';
import { nameOfUser } from './phone-texts.ts';

type Column = readonly [head: string, cell: (row: LinkedPhoneRow) => string | number | null];

export function copiedPhoneCalls(log: PhoneLog, rows: readonly LinkedPhoneRow[], zone: Zone): TableText {
  const columns = columnsOf(log, zone);
  return {
    columns: columns.map(([head]) => head),
    count: rows.length,
    cells: (index) => columns.map(([, cell]) => String(cell(rows[index]!) ?? '')), // the index is below the count
  };
}

function columnsOf(log: PhoneLog, zone: Zone): readonly Column[] {
  const start = heads.start(zoneName(zone));
  const common: readonly Column[] = [
    [start, ({ startDateTime }) => startDateTime && formatSheetTime(startDateTime, zone)],
    [messages.user, ({ user }) => nameOfUser(user)],
    [messages.type, ({ type }) => type],
    [messages.caller, ({ callerNumber }) => callerNumber],
    [messages.callee, ({ calleeNumber }) => calleeNumber],
  ];
  const cost: readonly Column[] = [
    [messages.cost, ({ charge }) => charge],
    [heads.connection, ({ connectionCharge }) => connectionCharge],
    [heads.currency, ({ currency }) => currency],
  ];
  if (log === 'sms') return [...common, [messages.parts, ({ units }) => units], ...cost];
  const codes: readonly Column[] = [
    [heads.sipCode, ({ sipCode }) => sipCode],
    [heads.sipMeaning, ({ sipPhrase, sipMeaning }) => sipMeaning ?? sipPhrase],
    [heads.microsoftCode, ({ microsoftCode }) => microsoftCode],
    [heads.microsoftMeaning, ({ microsoftMeaning }) => microsoftMeaning],
    [messages.trunk, ({ trunk }) => trunk],
  ];
  return [
    ...common,
    [heads.length, ({ seconds }) => (seconds === null ? null : formatSheetLength(seconds))],
    [messages.state, ({ outcome }) => outcome && messages.outcomes[outcome]],
    ...(log === 'directRouting' ? codes : cost),
    [heads.callCertainty, ({ callRecord }) => callRecord && messages.certainty[callRecord.certainty]],
    [heads.callId, ({ callRecord }) => callRecord && callRecord.id],
  ];
}
