/** Describes the roll of a call for the OpenAPI document. */
import { rollCompleteness } from '../../../analysis/roll-answer.ts';
import { affiliations } from '../../../contract/affiliation.ts';
import { reasonKinds } from '../../../contract/failure.ts';
import { evidenceSchemas, time } from '../evidence-schemas.ts';
import { closed, listOf, orNone, text, textOrNone, whole, wholeOrNone } from '../../openapi/schemas.ts';

/** In milliseconds since 1970: odd records have times before it. */
const at = { type: 'integer' };
const span = { type: 'array', prefixItems: [at, at], minItems: 2, maxItems: 2 };
const failure = closed({ kind: { enum: reasonKinds }, stage: textOrNone, text: textOrNone });
const { properties } = evidenceSchemas.callCompleteness as { readonly properties: Record<string, object> };

const person = closed({
  ...{ index: whole, id: text, name: text, kind: text },
  affiliation: { enum: affiliations },
  ...{ tenantId: textOrNone, tenantName: textOrNone, userPrincipalName: textOrNone },
  inferredFrom: { enum: ['sessions', 'participants', 'organizer', null] },
  ...{ joinedDateTime: time, leftDateTime: time, presentSeconds: wholeOrNone },
  spans: listOf(span),
  segments: orNone(listOf(span)),
  platforms: listOf(text),
  failures: listOf(failure),
});

export const rollSchemas = {
  callRoll: closed({
    ...{ callId: text, version: whole, homeTenantId: text },
    completeness: closed(Object.fromEntries(rollCompleteness.map((name) => [name, { ...properties[name] }]))),
    ...{ sessionCount: wholeOrNone, endedSessionCount: wholeOrNone },
    endedSessions: orNone(listOf(closed({ people: listOf(whole), startDateTime: time, failure }))),
    people: orNone(listOf(person)),
  }),
};
