/**
 * What the stage is told, as schemas: bodies are checked by them, and the OpenAPI document and the schema of scenario
 * files are written from them.
 */
import { z } from 'zod';
import { durationPattern } from './duration.ts';
import type { FaultRule } from './fault-rule.ts';

const maxSpanMs = 100 * 365 * 86_400_000;

const duration = z
  .union([z.int().min(0).max(maxSpanMs), z.string().regex(durationPattern)], {
    error: 'milliseconds, or a duration such as PT1H, PT0.5S or P2D, is expected.',
  })
  .meta({ description: 'Milliseconds, or an ISO 8601 duration of days, hours, minutes and seconds.' });
const dateTime = z.iso
  .datetime({
    offset: true,
    error: 'a date and time with a zone, such as 2026-11-01T12:00:00Z, is expected.',
  })
  .meta({ description: 'A date and time with a zone.' });
const name = z.string().min(1).max(200);
const count = z.int().min(0).max(1_000_000);
const guid = z
  .string()
  .regex(/^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/, { error: 'a GUID is expected.' });

const clock = z
  .strictObject({
    advance: duration.optional().meta({ description: 'How far to move the clock on.' }),
    to: dateTime.optional().meta({ description: 'Where to move it; not before where it stands.' }),
  })
  .refine(({ advance, to }) => (advance === undefined) !== (to === undefined), {
    error: "one of 'advance' and 'to' is expected.",
  })
  .meta({ oneOf: [{ required: ['advance'] }, { required: ['to'] }] });

const match = z
  .strictObject({
    method: z.string().max(20).optional(),
    path: z.string().max(2000).optional().meta({ description: 'The whole path; * stands for any text.' }),
    endpoint: z.string().max(300).optional().meta({
      description: 'Such as communications/callRecords/{id}/participants_v2, $batch or oauth2/v2.0/token.',
    }),
    tenant: guid.optional(),
    client: guid.optional().meta({ description: 'The application the token is of.' }),
    callId: name.optional(),
    page: z.int().min(1).optional().meta({ description: 'Of participants or sessions, counted from 1.' }),
    subscriptionId: name.optional().meta({ description: 'Of notifications alone.' }),
    changeType: z.enum(['created', 'updated']).optional().meta({ description: 'Of notifications alone.' }),
  })
  .meta({ description: 'What must all be so; an empty object matches everything.' });

/** Of which an effect has one. */
const kinds = ['status', 'cut', 'wrongJson', 'late', 'participantsMissing', 'notification'] as const;

const effect = z
  .strictObject({
    status: z.int().min(400).max(599).optional().meta({ description: "A refusal in Graph's envelope." }),
    retryAfterSeconds: z.number().min(0).max(1_000_000).optional().meta({ description: 'With status.' }),
    code: name.optional().meta({ description: 'With status: the code in the envelope.' }),
    message: z.string().max(1000).optional().meta({ description: 'With status: the message in it.' }),
    cut: z
      .enum(['before', 'middle'])
      .optional()
      .meta({ description: 'The connection ends before the headers, or in the middle of the body.' }),
    wrongJson: z
      .enum(['truncated', 'html', 'empty'])
      .optional()
      .meta({ description: 'A body that is cut short, is a page, or is not there.' }),
    delay: duration.optional().meta({ description: 'First waits so long by the clock.' }),
    late: z
      .literal(true)
      .optional()
      .meta({ description: 'The call of match.callId is in no list, and asking for it is 404.' }),
    participantsMissing: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: 'So many are missing from the end of participants_v2; the sessions keep them.' }),
    notification: z
      .enum(['lost', 'duplicated', 'held'])
      .optional()
      .meta({ description: 'Never sent, sent twice, or sent after the one that follows it.' }),
  })
  .refine((given) => kinds.filter((kind) => given[kind] !== undefined).length <= 1, {
    error: `at most one of ${kinds.join(', ')} is expected.`,
  })
  .refine(({ delay, ...given }) => delay !== undefined || kinds.some((kind) => given[kind] !== undefined), {
    error: `one of ${kinds.join(', ')} or delay is expected.`,
  })
  .meta({
    oneOf: [
      ...kinds.map((kind) => ({ required: [kind] })),
      { required: ['delay'], not: { anyOf: kinds.map((kind) => ({ required: [kind] })) } },
    ],
  });

const faultRule = z
  .strictObject({
    match: match.optional(),
    after: count.optional().meta({ description: 'Lets so many pass first.' }),
    times: z.int().min(1).max(1_000_000).optional().meta({ description: 'Plays so often, then no more.' }),
    for: duration.optional().meta({ description: 'Is in force so long.' }),
    until: dateTime.optional().meta({ description: 'Is in force until then.' }),
    effect,
  })
  .refine(({ match: given, effect: { late } }) => late === undefined || given?.callId !== undefined, {
    path: ['match', 'callId'],
    error: "is expected with 'late'.",
  })
  .meta({
    if: { properties: { effect: { required: ['late'] } } },
    then: { required: ['match'], properties: { match: { required: ['callId'] } } },
  }) satisfies z.ZodType<FaultRule>;

export const bodies = {
  clock,
  faults: z.union([faultRule, z.array(faultRule).min(1).max(1000)]),
} as const;

export type BodyName = keyof typeof bodies;
export type Body<Name extends BodyName> = z.output<(typeof bodies)[Name]>;
export { faultRule };
