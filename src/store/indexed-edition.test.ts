import { describe, expect, it } from 'vitest';
import { failuresText, healthOfFlags } from './indexed-edition.ts';
import { StoreDamaged } from './store-errors.ts';

const failures = {
  ...{ people: 3, affected: 1 },
  reasons: [{ kind: 'busy' as const, stage: null, text: 'Busy', sessions: 1, people: 1 }],
};
const text = failuresText({ ...healthOfFlags(0, null), failures })!; // a call with failures has one

describe('the failures of an index row', () => {
  it('are read as they were written', () => {
    expect(healthOfFlags(0, text).failures).toEqual(failures);
  });

  it.each(['people', 'affected', 'reasons', 'kind', 'busy', 'sessions', ':', '['])(
    'are refused when %j of them changed',
    (part) => {
      const damaged = text.replace(part, `\u0001${part.slice(1)}`);
      expect(() => healthOfFlags(0, damaged)).toThrow(StoreDamaged);
    },
  );
});
