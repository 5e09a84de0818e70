/** Schemas of the control API's bodies: checks, types, the OpenAPI document and that of scenario files follow. */
import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { resourceAt } from '../contract/resources.ts';
import { durationPattern } from './duration.ts';
import { entryKinds, entryTypes, memberKinds, oddKinds, unsupportedOddReason } from './odd/kinds.ts';
import { snapshotNamePattern } from './sqlite-snapshots.ts';

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
    advance: duration.optional().meta({ description: 'How far to advance the clock.' }),
    to: dateTime
      .optional()
      .meta({ description: 'The time to set the clock to; not earlier than the current one.' }),
  })
  .refine(({ advance, to }) => (advance === undefined) !== (to === undefined), {
    error: "one of 'advance' and 'to' is expected.",
  })
  .meta({ oneOf: [{ required: ['advance'] }, { required: ['to'] }] });

/** Returns true for an endpoint of the API: a rule for any other path would never match. */
function isEndpoint(text: string): boolean {
  const endpoint = text.replace(/^\/+/, '');
  const isOther = ['$batch', '$metadata', 'oauth2/v2.0/token'].includes(endpoint);
  return isOther || resourceAt(endpoint.replaceAll('{id}', '{}')) !== undefined;
}

const match = z
  .strictObject({
    method: z.string().max(20).optional(),
    path: z.string().max(2000).optional().meta({ description: 'The whole path; * stands for any text.' }),
    endpoint: z
      .string()
      .max(300)
      .refine(isEndpoint, {
        error: 'an endpoint such as communications/callRecords/{id}/participants_v2 or $batch is expected.',
      })
      .optional()
      .meta({
        description:
          'Such as communications/callRecords/{id}/participants_v2, $batch or oauth2/v2.0/token: keys by the name {id}, functions without their parameters.',
      }),
    tenant: guid.optional(),
    client: guid.optional().meta({ description: 'The application that the token was issued to.' }),
    callId: name.optional(),
    page: z
      .int()
      .min(1)
      .optional()
      .meta({ description: 'The page of participants or sessions, counted from 1.' }),
    subscriptionId: name.optional().meta({ description: 'For notifications only.' }),
    changeType: z
      .enum(['created', 'updated', 'reauthorizationRequired'])
      .optional()
      .meta({ description: 'For notifications only.' }),
  })
  .meta({ description: 'Conditions that all apply; an empty object matches everything.' });

/** With `odd`: selects the entry. */
const oddPlaces = ['index', 'seed', 'id'] as const;
const oddDetails = [...oddPlaces, 'of', 'member'] as const;

/** An effect has one of these. */
const kinds = ['status', 'cut', 'wrongJson', 'odd', 'late', 'participantsMissing', 'notification'] as const;

const effectMembers = z.strictObject({
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
    .meta({ description: 'A body that is truncated, is a web page, or is empty.' }),
  odd: z.enum(oddKinds).optional().meta({
    description:
      'An answer that is valid JSON in most of its parts, and odd in one: docs/developing.md says how.',
  }),
  index: z
    .int()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'With odd: the place of the entry in its list, from 0; the first when absent.' }),
  seed: z.int().min(0).optional().meta({ description: 'With odd: chooses the entry, for each path one.' }),
  id: name.optional().meta({ description: 'With odd: the entry that has this id.' }),
  of: z
    .enum(entryTypes)
    .optional()
    .meta({ description: 'With odd: which entries of a call, where an answer has several kinds.' }),
  member: name.optional().meta({ description: 'With wrongType and surrogate: the member of the entry.' }),
  delay: duration.optional().meta({ description: 'How long to wait first, by the clock of the emulator.' }),
  late: z
    .literal(true)
    .optional()
    .meta({ description: 'The call of match.callId is in no list, and asking for it is 404.' }),
  participantsMissing: z.int().min(1).max(1_000_000).optional().meta({
    description:
      'The number of participants to remove from the end of participants_v2; the sessions keep them.',
  }),
  notification: z.enum(['lost', 'duplicated', 'last', 'delayed']).optional().meta({
    description: 'Never sent, sent twice, sent after the others that go with it, or sent later by delay.',
  }),
});
const effect = effectMembers
  .check(({ value, issues }) => {
    for (const [detail, message] of Object.entries(misplacedDetails(value)))
      issues.push({ code: 'custom', input: value, path: [detail], message });
  })
  .refine((given) => kinds.filter((kind) => given[kind] !== undefined).length <= 1, {
    error: `at most one of ${kinds.join(', ')} is expected.`,
  })
  .refine(({ delay, notification }) => notification !== 'delayed' || delay !== undefined, {
    path: ['delay'],
    error: "is expected with 'delayed'.",
  })
  .refine(({ delay, ...given }) => delay !== undefined || kinds.some((kind) => given[kind] !== undefined), {
    error: `one of ${kinds.join(', ')} or delay is expected.`,
  })
  .meta({
    oneOf: [
      ...kinds.map((kind) => ({ required: [kind] })),
      { required: ['delay'], not: { anyOf: kinds.map((kind) => ({ required: [kind] })) } },
    ],
    if: { required: ['notification'], properties: { notification: { const: 'delayed' } } },
    then: { required: ['delay'] },
    dependentRequired: Object.fromEntries(oddDetails.map((detail) => [detail, ['odd']])),
  });

export type FaultEffect = z.output<typeof effect>;

/** Returns the details that do not go with the kind of odd answer, each with the reason. */
function misplacedDetails({
  odd,
  ...given
}: z.output<typeof effectMembers>): Readonly<Record<string, string>> {
  const stated = oddDetails.filter((detail) => given[detail] !== undefined);
  if (odd === undefined) return Object.fromEntries(stated.map((detail) => [detail, "goes with 'odd'."]));
  const places = oddPlaces.filter((place) => given[place] !== undefined);
  return {
    ...(places.length > 1 && { [places[1]!]: `one of ${oddPlaces.join(', ')} is expected.` }),
    ...(!entryKinds.has(odd) &&
      Object.fromEntries(places.map((place) => [place, `'${odd}' is not about one entry.`]))),
    ...(!memberKinds.has(odd) &&
      given.member !== undefined && { member: `goes with ${[...memberKinds].join(' and ')}.` }),
  };
}

const faultRule = z
  .strictObject({
    match: match.optional(),
    after: count.optional().meta({ description: 'The number of matches to skip first.' }),
    times: z
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .meta({ description: 'The number of matches to inject the fault into; no limit when absent.' }),
    for: duration.optional().meta({ description: 'How long the fault is active.' }),
    until: dateTime.optional().meta({ description: 'When the fault ends.' }),
    effect,
  })
  .refine(({ match: given, effect: { late } }) => late === undefined || given?.callId !== undefined, {
    path: ['match', 'callId'],
    error: "is expected with 'late'.",
  })
  .check(({ value: { match: given = {}, effect: stated }, issues }) => {
    const { odd } = stated;
    if (odd === undefined) return;
    const refuse = (path: PropertyKey[], message: string) =>
      issues.push({ code: 'custom', input: stated, path, message });
    const { endpoint, method = 'GET', page } = given;
    const problem =
      endpoint === undefined
        ? undefined
        : unsupportedOddReason({ ...stated, odd }, endpoint.replace(/^\/+/, ''));
    if (problem !== undefined) refuse(['effect', 'odd'], problem);
    if (method.toUpperCase() !== 'GET') refuse(['match', 'method'], 'odd answers are those of GET.');
    if (odd === 'newVersion' && page === 1)
      refuse(['match', 'page'], 'the new version comes after the first page: 2 or more is expected.');
  })
  .meta({
    if: { required: ['effect'], properties: { effect: { type: 'object', required: ['late'] } } },
    then: { required: ['match'], properties: { match: { required: ['callId'] } } },
  });
export type FaultRule = z.output<typeof faultRule>;

const omitParticipants = count.optional().meta({
  description: 'The number of participants to omit at the end of participants_v2; the sessions keep them.',
});
const tenant = guid
  .optional()
  .meta({ description: "The tenant of the calls; the server's --tenant when absent." });

const generate = z.strictObject({
  calls: z.int().min(0).max(100_000),
  seed: z.int().min(0).optional().meta({
    description: 'The same seed gives the same calls; without it, each request uses a new one.',
  }),
  users: z.int().min(1).max(10_000_000).optional(),
  largest: z
    .int()
    .min(2)
    .max(20_000)
    .optional()
    .meta({ description: 'Participants of the largest meeting.' }),
  days: z
    .int()
    .min(1)
    .max(3650)
    .optional()
    .meta({ description: 'The number of days before the day of `until` that the calls are in.' }),
  until: dateTime.optional().meta({ description: 'The time of the clock when absent.' }),
  sessions: z.boolean().optional(),
  media: z.boolean().optional(),
  logRows: z.int().min(0).max(100_000).optional().meta({ description: 'Rows of each log.' }),
  early: z.boolean().optional().meta({
    description: 'First versions alone, which later ones fill: some participants, no devices, no media.',
  }),
  omitParticipants,
  tenant,
});

const version = z.strictObject({
  members: z
    .record(z.string(), z.unknown())
    .optional()
    .meta({ description: 'Members of the record to be as given; the others stay, or are filled.' }),
  omitParticipants,
  tenant,
});

const pem = z
  .string()
  .max(20_000)
  .refine((text) => isCertificate(text), { error: 'a certificate in PEM is expected.' });

const client = z.strictObject({
  clientId: guid,
  secrets: z
    .array(name)
    .max(100)
    .optional()
    .meta({ description: 'The valid secrets; all others are revoked.' }),
  certificates: z.array(pem).max(100).optional().meta({ description: 'In PEM.' }),
  roles: z.array(name).max(100).optional().meta({ description: 'CallRecords.Read.All when absent.' }),
  tenants: z
    .array(guid)
    .max(1000)
    .optional()
    .meta({ description: 'The tenants that gave consent; all when absent.' }),
});

const snapshotName = z.string().regex(snapshotNamePattern, {
  error: 'a name of letters, digits, dots, hyphens and underscores is expected.',
});
const snapshot = z.strictObject({ name: snapshotName });
const nothing = z.strictObject({});

/** The actions of a scenario step, by name. */
const actions = {
  callRecords: z
    .array(z.record(z.string(), z.unknown()))
    .min(1)
    .max(10_000)
    .meta({ description: 'Adds callRecords and rows of logs.' }),
  generate,
  version: version.extend({ id: name }).meta({ description: 'Adds the next version of a call.' }),
  faults: z.array(faultRule).min(1).max(1000),
  clearFaults: z.literal(true),
  client,
  removeClient: guid,
  snapshot: snapshotName.meta({ description: 'Takes a snapshot.' }),
  restore: snapshotName.meta({ description: 'Restores a snapshot.' }),
  reset: z.literal(true),
  advance: duration.meta({ description: 'Advances the clock.' }),
} as const;

export type ActionName = keyof typeof actions;
// The keys of the closed table above.
export const actionNames = Object.keys(actions) as ActionName[];

const step = z
  .strictObject({
    at: z
      .union([duration, dateTime], { error: 'a duration such as PT5M, or a date and time, is expected.' })
      .optional()
      .meta({
        description: 'After the beginning of the scenario, or at a date and time; at once when absent.',
      }),
    comment: z.string().max(1000).optional(),
    ...z.object(actions).partial().shape,
  })
  .refine((given) => actionNames.filter((action) => given[action] !== undefined).length === 1, {
    error: `one of ${actionNames.join(', ')} is expected.`,
  })
  .meta({ oneOf: actionNames.map((action) => ({ required: [action] })) });

const scenario = z
  .strictObject({
    $schema: z.string().optional(),
    name: name.optional(),
    tenant,
    steps: z.array(step).min(1).max(10_000),
  })
  .meta({ title: 'A scenario of the emulator', description: 'Steps at times of the clock, in order.' });

export const controlBodies = {
  clock,
  faults: z.union([faultRule, z.array(faultRule).min(1).max(1000)]),
  generate,
  version,
  client,
  snapshot,
  nothing,
  scenario,
} as const;

export type ControlBodyName = keyof typeof controlBodies;
export type ControlBody<Name extends ControlBodyName> = z.output<(typeof controlBodies)[Name]>;

export function schemaOf(body: ControlBodyName): Record<string, unknown> {
  return z.toJSONSchema(controlBodies[body], { io: 'input' });
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).raw.length > 0;
  } catch {
    return false;
  }
}
