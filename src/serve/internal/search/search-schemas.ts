/** Describes the responses of the search routes for the OpenAPI document. */
import { affiliations } from '../../../contract/affiliation.ts';
import { userRatings } from '../../../contract/user-rating.ts';
import { outcomes } from '../../../contract/call-outcome.ts';
import { reasonKinds } from '../../../contract/failure.ts';
import { gap, standing, tenantStandingMembers, time, utc, lastVerification } from '../evidence-schemas.ts';
import {
  closed,
  listOf,
  orNone,
  reference,
  type Schema,
  text,
  textOrNone,
  whole,
  yesOrNo,
  integerOrNone,
} from '../../openapi/schemas.ts';

const call = {
  id: text,
  version: whole,
  type: textOrNone,
  modalities: listOf(text),
  startDateTime: time,
  endDateTime: time,
  joinWebUrl: textOrNone,
  organizer: orNone(closed({ displayName: textOrNone, id: textOrNone, kind: text })),
  participants: whole,
  sessions: whole,
  outcome: { enum: outcomes },
  outcomeText: text,
  failed: yesOrNo,
  failures: orNone(
    closed({
      ...{ people: whole, affected: whole },
      reasons: listOf(
        closed({
          kind: { enum: reasonKinds },
          ...{ stage: textOrNone, reason: textOrNone, words: text },
          ...{ sessions: whole, people: whole },
        }),
      ),
    }),
  ),
  poor: yesOrNo,
  ratings: listOf({ enum: userRatings }),
  incomplete: yesOrNo,
};

const describedAs = (description: string, schema: Schema): Schema => ({ ...schema, description });

const person = closed({
  name: describedAs(
    'The display name, else the user principal name or the address, else the number.',
    textOrNone,
  ),
  id: textOrNone,
  kind: describedAs('Member of the identity set: user, phone.', text),
  affiliation: { enum: affiliations },
  tenantName: describedAs("A domain of the person's tenant.", textOrNone),
  isParticipant: describedAs('False for an organizer who did not take part.', yesOrNo),
  matchedBy: { enum: ['name', 'address', 'id', 'number', null] },
  matchedIn: describedAs('The text as received in which the match lies.', textOrNone),
  matchedText: describedAs(
    'Where the parts of the search are in matchedIn, in UTF-16 units.',
    listOf(closed({ start: whole, length: whole })),
  ),
});

const people = closed({
  matched: describedAs(
    'Who met person, with, number, organizer or q: five people at most, and one more for each further condition. Null when the call has too many people to look them up, or is damaged.',
    orNone(listOf(person)),
  ),
  others: describedAs(
    'Two further participants at most: the organizer first, then people from outside.',
    listOf(person),
  ),
  more: describedAs('Participants in neither list.', whole),
  external: describedAs('Participants from outside; null when unknown.', integerOrNone),
  unknown: describedAs('Participants of whom that is unknown; null when unknown.', integerOrNone),
});

export const searchSchemas = {
  foundCalls: closed(
    {
      total: describedAs(
        'On the first page, with $count=true: how many calls match. Not exact: at least so many.',
        closed({ count: whole, isExact: yesOrNo }),
      ),
      sorted: describedAs(
        'With an order other than -start: how many calls were ordered, the newest that match.',
        closed({ of: whole, isAll: yesOrNo }),
      ),
      value: listOf(closed({ ...call, state: standing.state, people })),
      '@odata.nextLink': text,
    },
    ['total', 'sorted', '@odata.nextLink'],
  ),
  callSummary: closed({
    ...call,
    completeness: reference('schemas', 'callCompleteness'),
    versions: whole,
  }),
  statistics: closed({
    days: listOf(
      closed({
        ...{ date: text, calls: whole, participants: whole, failed: whole },
        ...{ notAnswered: whole, declined: whole, busy: whole, canceled: whole, poor: whole },
      }),
    ),
    reasons: listOf(closed({ kind: { enum: reasonKinds }, words: text, calls: whole })),
    participantsPerCall: listOf(closed({ from: whole, to: integerOrNone, calls: whole })),
  }),
  status: closed({
    subscriptions: listOf(
      closed({
        id: text,
        applicationId: text,
        resource: text,
        changeType: text,
        notificationUrl: text,
        lifecycleNotificationUrl: textOrNone,
        expirationDateTime: time,
      }),
    ),
    sync: closed({
      listedUntilDateTime: time,
      lastListedDateTime: time,
      lagSeconds: integerOrNone,
      wanted: whole,
      gone: whole,
      nextDueDateTime: time,
    }),
    asOfDateTime: { type: 'string', pattern: utc },
    ...tenantStandingMembers,
    gaps: listOf(gap),
    gapCount: whole,
    gapsCut: yesOrNo,
    verification: lastVerification,
    store: closed({ calls: whole, editions: whole }),
  }),
};
