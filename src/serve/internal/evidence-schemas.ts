/** Describes the responses of the evidence routes for the OpenAPI document. */
import { oddReasons } from '../../contract/oddities.ts';
import { stateReasons } from '../../contract/completeness-state.ts';
import { closed, listOf, orNone, text, whole, yesOrNo, wholeOrNone } from '../openapi/schemas.ts';

export const utc = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$';
export const time = { type: ['string', 'null'], pattern: utc };

export const gap = closed(
  {
    from: time,
    to: time,
    kind: {
      enum: [
        'hoursNotListed',
        'recordNotFetched',
        'recordMissing',
        'listMissing',
        'pagesMissing',
        'recordDamaged',
      ],
    },
    healable: yesOrNo,
    known: { const: false },
    callId: text,
    reason: text,
    log: text,
  },
  ['known', 'callId', 'reason', 'log'],
);
/** The verification state of a call, the reason and the time. */
export const standing = {
  state: { enum: ['verified', 'unverified', 'missing'] },
  reason: { enum: Object.keys(stateReasons) },
  sinceDateTime: time,
};
/** The state of a tenant, and from when to when a sync listed calls: other times are not proved. */
export const tenantStandingMembers = {
  ...standing,
  ...{ calls: closed(standing), hours: closed(standing) },
  ...{ listedFromDateTime: time, listedToDateTime: time },
};
const report = {
  records: whole,
  versions: whole,
  participants: whole,
  incomplete: whole,
  missingParticipants: whole,
  oddCalls: whole,
  quarantined: whole,
  gaps: listOf(gap),
  gapCount: whole,
  unhealableGapCount: whole,
  gapsCut: yesOrNo,
};
const ids = listOf(text);
const listChanges = closed({ added: ids, removed: ids, changed: ids });
const list = orNone(closed({ count: whole, complete: yesOrNo, pages: wholeOrNone }));

const lacking = {
  type: 'array',
  items: { enum: ['record', 'participantPages', 'sessionPages', 'listMissing', 'sessions'] },
};
export const lastVerification = orNone(
  closed(
    {
      endedDateTime: { type: 'string', pattern: utc },
      ...report,
      corrupt: whole,
      ...{ logRows: whole, odd: whole },
      callStates: closed({ verified: whole, unverified: whole, missing: whole }),
      countsCompared: yesOrNo,
    },
    // Absent from results of verifications by an earlier release.
    [
      'logRows',
      'odd',
      'oddCalls',
      'quarantined',
      'callStates',
      'countsCompared',
      'gapCount',
      'unhealableGapCount',
      'gapsCut',
    ],
  ),
);

export const evidenceSchemas = {
  completeness: closed({
    asOfDateTime: { type: 'string', pattern: utc },
    ...tenantStandingMembers,
    ...report,
    lastVerification,
  }),
  callCompleteness: closed({
    ...standing,
    complete: yesOrNo,
    lacking,
    participants: list,
    sessions: list,
    foundParticipants: whole,
    quarantined: listOf(
      closed({
        id: text,
        unit: { enum: ['entry', 'listItem', 'logRow', 'page', 'body', 'line'] },
        reason: text,
      }),
    ),
    odd: whole,
    oddities: listOf(
      closed(
        {
          part: { type: 'string', enum: ['record', 'participants', 'sessions', 'segments'] },
          reason: { type: 'string', enum: Object.keys(oddReasons) },
          count: whole,
          first: whole,
        },
        ['first'],
      ),
    ),
    receivedDateTime: time,
  }),
  versions: closed({
    value: {
      type: 'array',
      minItems: 1,
      items: closed({
        version: whole,
        edition: whole,
        lastModifiedDateTime: time,
        receivedDateTime: time,
        participants: list,
        sessions: list,
        foundParticipants: whole,
        lacking,
        changes: orNone(
          closed({
            properties: listOf(closed({ name: text, old: {}, new: {} }, ['old', 'new'])),
            participants: listChanges,
            sessions: listChanges,
          }),
        ),
      }),
    },
  }),
};
