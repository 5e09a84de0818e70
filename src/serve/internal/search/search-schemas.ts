/** Describes the responses of the search routes for the OpenAPI document. */
import { outcomes } from '../../../contract/call-outcome.ts';
import { reasonKinds } from '../../../contract/failure.ts';
import { gap, standing, tenantStandingMembers, time, utc, lastVerification } from '../evidence-schemas.ts';
import { closed, listOf, orNone, reference, text, whole, yesOrNo } from '../../openapi/schemas.ts';

const textOrNone = { type: ['string', 'null'] };
const wholeOrNone = { type: ['integer', 'null'] };

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
  incomplete: yesOrNo,
};

export const searchSchemas = {
  foundCalls: closed({ value: listOf(closed({ ...call, state: standing.state })), '@odata.nextLink': text }, [
    '@odata.nextLink',
  ]),
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
    participantsPerCall: listOf(closed({ from: whole, to: wholeOrNone, calls: whole })),
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
      lagSeconds: wholeOrNone,
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
