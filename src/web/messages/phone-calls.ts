/** The page's texts about phone calls and text messages. */
import type { CallLink, PhoneLog, PhoneOutcome, PhoneState } from '../../contract/phone-log.ts';
import { countOf } from '../times.ts';

const count = (rows: number) => rows.toLocaleString('en');

export const phoneMessages = {
  title: 'Phone calls',
  form: 'Phone calls',
  log: 'Log',
  logs: {
    pstn: 'Calling plans (PSTN)',
    directRouting: 'Direct routing',
    sms: 'Text messages (SMS)',
  } satisfies Record<PhoneLog, string>,
  person: 'Person: name, UPN or id',
  personPlaceholder: 'Press / to search',
  from: 'From',
  to: 'To',
  number: 'Phone number, any part',
  type: 'Type',
  result: 'Result',
  anyResult: 'Any',
  states: {
    failed: 'Failed',
    missed: 'Missed',
    missedWithoutRecord: 'Missed, without a call record',
  } satisfies Record<PhoneState, string>,
  sipCode: 'SIP code',
  trunk: 'Trunk',
  search: 'Search',
  moreFields: 'More fields',
  fewerFields: 'Fewer fields',

  badDay: 'This is not a day of the calendar. Enter one, such as 2026-03-02.',
  badLog: 'There is no such log. Choose one.',
  correct: 'Nothing is shown: correct the fields that have an error.',

  loading: 'Looking for phone calls…',
  found: 'Phone calls found',
  table: 'Rows of the log',
  none: 'No row of this log matches',
  noneHint: 'Leave a field out, choose another log, or look at the status for what was collected.',
  showAll: 'Show the whole log',
  more: 'Show earlier rows',
  loadingMore: 'Loading…',
  stopped: (until: string) =>
    `The sums are of the rows from ${until} on: there are more rows than one answer counts. Choose a shorter span.`,
  shown: (rows: number, all: number | undefined) =>
    all === undefined ? `${countOf(rows, 'row')}.` : `${count(rows)} of ${countOf(all, 'row')}.`,
  csv: 'Download CSV',
  csvCut: (most: number) => `The file has the newest ${count(most)} rows.`,

  start: 'Start',
  user: 'Person',
  caller: 'From number',
  callee: 'To number',
  length: 'Length',
  cost: 'Cost',
  parts: 'Parts',
  call: 'Call',
  noPerson: 'Bot, attendant or queue',
  unknownCountry: 'Unknown',
  outcomes: {
    connected: 'Connected',
    notConnected: 'Not connected',
    failed: 'Failed',
  } satisfies Record<PhoneOutcome, string>,
  missed: 'Missed',
  sip: (code: number) => `SIP ${code}`,
  microsoft: (code: number) => `Microsoft ${code}`,
  connection: (amount: string) => `+ ${amount} connection`,
  links: { exact: 'Call', likely: 'Likely call' } satisfies Record<CallLink['certainty'], string>,
  certainty: { exact: 'Exact', likely: 'Likely' } satisfies Record<CallLink['certainty'], string>,
  noCall: 'None found',
  legend:
    'Exact: the row names the call. Likely: a call of the same person with the same number that started within 90 seconds; it may be another call.',

  rows: { pstn: 'Calls', directRouting: 'Calls', sms: 'Messages' } satisfies Record<PhoneLog, string>,
  minutes: 'Minutes',
  failed: 'Failed',
  byPerson: 'By person',
  byCountry: 'By country of the other party',
  country: 'Country',
  otherPeople: (people: number) => `and ${countOf(people, 'more person', 'more people')}`,
} as const;
