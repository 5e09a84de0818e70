import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edms, structuredType } from '../../contract/edm.ts';
import { parseTicks } from '../../base/ticks.ts';
import { planCallsFilter } from './calls-filter.ts';

const plan = (text: string) =>
  planCallsFilter(text, structuredType(edms['v1.0'], 'microsoft.graph.callRecords.callRecord'));

/** A bound in the filter, and the bound that the plan must have. */
interface Bound {
  readonly operator: 'lt' | 'le' | 'gt' | 'ge';
  readonly time: string;
}

const bound: fc.Arbitrary<Bound> = fc.record({
  operator: fc.constantFrom('lt', 'le', 'gt', 'ge'),
  time: fc
    .record({ day: fc.integer({ min: 10, max: 28 }), fraction: fc.integer({ min: 0, max: 9_999_999 }) })
    .map(({ day, fraction }) => `2026-03-${day}T10:00:00.${String(fraction).padStart(7, '0')}Z`),
});

/** Varies blanks, parentheses and letter case. */
const styled = (text: string, style: number) => {
  const blank = style & 1 ? ' \t' : ' ';
  const cased = style & 2 ? text.replace(/\b(?:and|eq|lt|le|gt|ge)\b/g, (word) => word.toUpperCase()) : text;
  const spaced = cased.replaceAll(' ', blank);
  return style & 4 ? `( ${spaced})` : spaced;
};

describe('a filter of calls', () => {
  it('is planned as the span and the participant of its clauses, in every spelling', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(bound, fc.nat({ max: 7 })), { minLength: 1, maxLength: 6 }),
        fc.option(fc.string({ maxLength: 8 }), { nil: undefined }),
        fc.nat({ max: 7 }),
        (bounds, participantId, style) => {
          const clauses = bounds.map(([{ operator, time }, each]) =>
            styled(`startDateTime ${operator} ${time}`, each),
          );
          if (participantId !== undefined)
            clauses.push(`participants_v2/any(p:p/id eq '${participantId.replaceAll("'", "''")}')`);
          const ticks = (operators: readonly string[]) =>
            bounds
              .filter(([{ operator }]) => operators.includes(operator))
              .map(([{ operator, time }]) => parseTicks(time)! + (/gt|le/.test(operator) ? 1n : 0n));
          const from = ticks(['gt', 'ge']).reduce((most, one) => (one > most ? one : most), -(2n ** 62n));
          const before = ticks(['lt', 'le']).reduce((least, one) => (one < least ? one : least), 2n ** 62n);
          const joined = clauses.join(style & 2 ? ' AND ' : ' and ');
          expect(plan(style & 4 ? `((${joined} ) )` : joined)).toEqual({ from, before, participantId });
        },
      ),
      { numRuns: 500 },
    );
  });

  it.each([
    [
      "type eq 'x' and startDateTime eq 1",
      "The property 'type' cannot be used in the query option '$filter'.",
    ],
    ["startDateTime ge '2026-03-02'", /^A binary operator with incompatible types was detected\./],
    ["startDateTime gt 2026-01-01T00:00:00Z and  type  has  Ns.E'a'", /^The property 'type' cannot/],
    ['nothing add 1', /^Invalid filter clause: Could not find a property named 'nothing'/],
    ...['2026-02-30T00:00:00Z', '2026-02-30', '2025-02-29', '10000-01-01', '-0001-01-01'].map(
      (time): [string, string] => [
        `startDateTime lt 2026-03-02 and startDateTime ge ${time}`,
        `Invalid filter clause: '${time}' is not a valid date or time at position 49 in 'startDateTime lt 2026-03-02 and startDateTime ge ${time}'.`,
      ],
    ),
    ["startDateTime ge datetime'2026-03-02'", /^The filter .* is not supported/],
    ['startDateTime ge 2026-03-02T10:00:00', /^Invalid filter clause: Syntax error/],
    ['startDateTime ge 2026-3-2', /^Invalid filter clause: Syntax error/],
    ["participants_v2/any(p:p/id eq 'a') and participants_v2/any(p:p/id eq 'b')", /only one participant/],
  ])('%s is refused: %s', (text, message) => {
    expect(() => plan(text)).toThrow(message);
  });

  it('reads a date as its first instant in UTC', () => {
    const midnight = parseTicks('2026-11-02T00:00:00Z')!;
    expect(plan('startDateTime ge 2026-11-02 and startDateTime lt 2026-11-03')).toMatchObject({
      from: midnight,
      before: parseTicks('2026-11-03T00:00:00Z'),
    });
    expect(plan('startDateTime gt 2026-11-02').from).toBe(midnight + 1n);
    expect(plan('startDateTime le 2026-11-02').before).toBe(midnight + 1n);
    expect(plan('startDateTime ge 2026-11-02T00:00Z and startDateTime lt 2026-11-02')).toMatchObject({
      from: midnight,
      before: midnight,
    });
  });

  it.each([
    ['startDateTime ge 2026-03-02T10:00:00Z and (version  eq 1 OR id eq 2)', 'version  eq 1 OR id eq 2'],
    ['startDateTime  EQ 2026-03-02T10:00:00Z', 'startDateTime  EQ 2026-03-02T10:00:00Z'],
    ['startDateTime ge now() and startDateTime lt 2026-03-02T10:00:00Z', 'startDateTime ge now()'],
    ['a eq 1 and b or c', 'a eq 1 and b or c'],
    ["((participants_v2/any(p:p/id ne 'x')))", "participants_v2/any(p:p/id ne 'x')"],
    ["participants_v2/any(p:p/id eq tolower('x'))", "participants_v2/any(p:p/id eq tolower('x'))"],
  ])('of %s, the clause that is not offered is named as it is written', (text, clause) => {
    expect(() => plan(text)).toThrow(
      expect.objectContaining({
        fault: 'unsupportedOption',
        target: '$filter',
        message: `The filter '${clause}' is not supported: this list can be filtered by startDateTime with lt, le, gt, ge, and by participants_v2/any(p:p/id eq 'id').`,
      }),
    );
  });
});
