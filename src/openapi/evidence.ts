/** Rollcall's own paths in the OpenAPI document: what it says of its completeness. */
import { refusals, success } from './paths.ts';
import { reference, type Schema } from './schemas.ts';

export const text = { type: 'string' };
export const whole = { type: 'integer', minimum: 0 };
export const utc = '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$';
export const time = { type: ['string', 'null'], pattern: utc };
export const closed = (properties: Record<string, Schema>, optional: readonly string[] = []): Schema => ({
  type: 'object',
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  properties,
  additionalProperties: false,
});

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
    healable: { type: 'boolean' },
    callId: text,
    log: text,
  },
  ['callId', 'log'],
);
export const report = {
  records: whole,
  versions: whole,
  participants: whole,
  incomplete: whole,
  missingParticipants: whole,
  gaps: { type: 'array', items: gap },
  gapCount: whole,
  unhealableGapCount: whole,
  gapsCut: { type: 'boolean' },
};
const ids = { type: 'array', items: text };
const listChanges = closed({ added: ids, removed: ids, changed: ids });
export const orNone = (schema: Schema): Schema => ({ oneOf: [schema, { type: 'null' }] });
const list = orNone(
  closed({ count: whole, complete: { type: 'boolean' }, pages: { type: ['integer', 'null'], minimum: 0 } }),
);

const lacking = {
  type: 'array',
  items: { enum: ['record', 'participantPages', 'sessionPages', 'participants', 'sessions'] },
};
export const verification = orNone(
  closed(
    {
      endedDateTime: { type: 'string', pattern: utc },
      ...report,
      corrupt: whole,
      countsCompared: { type: 'boolean' },
    },
    // The result of a verification by an earlier release does not have these.
    ['countsCompared', 'gapCount', 'unhealableGapCount', 'gapsCut'],
  ),
);

export const evidenceSchemas = {
  completeness: closed({
    asOfDateTime: { type: 'string', pattern: utc },
    ...report,
    lastVerification: verification,
  }),
  callCompleteness: closed({
    complete: { type: 'boolean' },
    lacking,
    participants: list,
    sessions: list,
    foundParticipants: whole,
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
            properties: { type: 'array', items: closed({ name: text, old: {}, new: {} }, ['old', 'new']) },
            participants: listChanges,
            sessions: listChanges,
          }),
        ),
      }),
    },
  }),
};

const { 401: unauthorized, 403: forbidden, 503: unavailable } = refusals;

export const callParameter = {
  name: 'callRecord-id',
  in: 'path',
  required: true,
  description: 'Id of the call.',
  schema: text,
};
export const ofOneCall = {
  400: refusals[400],
  401: unauthorized,
  403: forbidden,
  404: refusals[404],
  503: unavailable,
};

export const evidencePaths = {
  '/rollcall/completeness': {
    get: {
      tags: ['Service'],
      operationId: 'completeness',
      summary: 'What is missing',
      description: "What is known to be missing of the token's tenant, and what its last verification found.",
      responses: {
        200: success('application/json', reference('schemas', 'completeness')),
        401: unauthorized,
        403: forbidden,
        503: unavailable,
      },
    },
  },
  '/rollcall/callRecords/{callRecord-id}/versions': {
    get: {
      tags: ['Service'],
      operationId: 'versions',
      summary: 'Every state of a call',
      description: 'Every version and edition that was stored, and what changed from each to the next.',
      parameters: [callParameter],
      responses: { 200: success('application/json', reference('schemas', 'versions')), ...ofOneCall },
    },
  },
  '/rollcall/callRecords/{callRecord-id}/completeness': {
    get: {
      tags: ['Service'],
      operationId: 'callCompleteness',
      summary: 'How complete a call is',
      description: 'What came of its newest edition, and what is known to be missing.',
      parameters: [callParameter],
      responses: { 200: success('application/json', reference('schemas', 'callCompleteness')), ...ofOneCall },
    },
  },
};
