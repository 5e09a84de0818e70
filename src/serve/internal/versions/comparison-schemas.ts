/** Describes the comparison of two stored states of a call for the OpenAPI document. */
import { personFields } from '../../../analysis/compare-versions.ts';
import { closed, listOf, orNone, type Schema, text, whole } from '../../openapi/schemas.ts';
import { evidenceSchemas, time } from '../evidence-schemas.ts';

const counted = (entry: Schema) => closed({ count: whole, first: listOf(entry) });
const state = closed({
  ...{ version: whole, edition: whole, lastModifiedDateTime: time, receivedDateTime: time, people: whole },
  completeness: evidenceSchemas.callCompleteness,
});
const person = { id: text, name: text, kind: text };
const value = { type: ['string', 'number', 'null'] };
const change = closed({ field: { enum: personFields }, left: value, right: value });
const sessions = counted(closed({ id: text, people: listOf(text), startDateTime: time, endDateTime: time }));

export const comparisonSchemas = {
  compareVersions: closed({
    left: state,
    right: state,
    properties: listOf(closed({ name: text, old: {}, new: {} }, ['old', 'new'])),
    people: closed({
      came: counted(closed(person)),
      went: counted(closed(person)),
      changed: counted(closed({ ...person, changes: listOf(change) })),
    }),
    sessions: orNone(closed({ added: sessions, removed: sessions, changed: sessions })),
  }),
};
