/** Describes the activity of a person and of a number for the OpenAPI document. */
import { affiliations } from '../../../contract/affiliation.ts';
import { outcomes } from '../../../contract/call-outcome.ts';
import { reasonKinds, unansweredKinds } from '../../../contract/failure.ts';
import { phoneLogs } from '../../../contract/phone-log.ts';
import {
  closed,
  listOf,
  orNone,
  type Schema,
  text,
  textOrNone,
  whole,
  yesOrNo,
  wholeOrNone,
} from '../../openapi/schemas.ts';
import { time, utc } from '../evidence-schemas.ts';

const instant = { type: 'string', pattern: utc };
/** Received durations may be negative. */
const seconds = { type: 'integer' };

function membersOf(names: readonly string[], schema: Schema): Record<string, Schema> {
  return Object.fromEntries(names.map((name) => [name, schema]));
}

const named = { id: text, name: text, kind: text, affiliation: { enum: affiliations } };
const person = { ...named, tenantId: textOrNone, tenantName: textOrNone, userPrincipalName: textOrNone };
const seen = { otherNames: listOf(text), lastSeenDateTime: textOrNone };
const unanswered = closed(membersOf(unansweredKinds, whole));
const certainty = { enum: ['exact', 'likely'] };
const user = orNone(closed({ id: textOrNone, displayName: textOrNone, userPrincipalName: textOrNone }));

const summary = closed({
  ...membersOf(['calls', 'likelyCalls', 'seconds', 'secondsOfEachCall', 'callsWithoutTimes'], whole),
  unanswered: closed(membersOf(['received', 'made', 'unstated'], unanswered)),
  failed: whole,
  quality: closed({
    period: { enum: ['day', 'week'] },
    periods: listOf(closed({ date: text, calls: whole, classified: whole, poor: whole })),
    ...{ classified: whole, poor: whole },
  }),
  companions: closed({
    people: listOf(closed({ ...person, calls: whole, secondsTogether: wholeOrNone })),
    ...membersOf(['others', 'mostPeople', 'callsLeftOut'], whole),
  }),
});

const phoneLog = closed({
  ...membersOf(['rows', 'likelyRows', 'incoming', 'outgoing', 'missed', 'failed'], whole),
  seconds,
  costs: listOf(closed({ currency: textOrNone, amount: { type: 'number' } })),
  sipCodes: listOf(
    closed({ sipCode: { type: 'integer' }, sipPhrase: textOrNone, sipMeaning: textOrNone, rows: whole }),
  ),
  users: listOf(closed({ user, rows: whole, seconds })),
  otherUsers: whole,
  newestDateTime: textOrNone,
  isAll: yesOrNo,
  countedFromDateTime: textOrNone,
});

const facts = {
  span: closed({ fromDateTime: instant, toDateTime: instant }),
  counted: closed({ calls: whole, isAll: yesOrNo, fromDateTime: instant, damagedCalls: whole }),
  summary,
  missed: closed(membersOf(['notAnswered', 'canceled', 'phoneLogs'], whole)),
  phone: closed(membersOf(phoneLogs, phoneLog)),
};

const call = closed({
  ...{ id: text, startDateTime: instant, endDateTime: time, type: textOrNone, participants: whole },
  callOutcome: { enum: outcomes },
  certainty,
  side: { enum: ['caller', 'callee', 'both', null] },
  outcome: { enum: ['connected', 'failed', ...unansweredKinds, 'unknown'] },
  ...{ joinedDateTime: time, leftDateTime: time, seconds: wholeOrNone },
  failures: listOf(closed({ kind: { enum: reasonKinds }, words: text })),
  verdict: { enum: ['good', 'poor', 'unclassified', null] },
  with: { oneOf: [listOf(closed(named)), { type: 'null' }] },
  otherPeople: whole,
});

function pageOf(subject: Record<string, Schema>): Schema {
  const first = { ...subject, ...facts };
  return closed({ ...first, '@odata.nextLink': text, value: listOf(call) }, [
    ...Object.keys(first),
    '@odata.nextLink',
  ]);
}

export const personActivity = pageOf({ person: closed({ ...person, ...seen }) });
export const numberActivity = pageOf({ number: closed({ number: text, isMasked: yesOrNo, ...seen }) });
