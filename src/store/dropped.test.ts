import { expect, it } from 'vitest';
import { droppedCall } from './dropped.ts';
import type { Edition } from './edition.ts';

const list = (no: number, count: number) => ({ list: no, count, complete: true, pages: undefined });
const first: Edition = {
  ...{ tenantId: 't', callId: 'c', edition: 4, version: 1n, digest: 'd', call: 4 },
  ...{ startTicks: undefined, endTicks: undefined, modifiedTicks: undefined, receivedMs: 1 },
  ...{ participants: list(4, 2), sessions: undefined, found: undefined, lacking: ['record'], odd: [] },
};
const second: Edition = {
  ...first,
  ...{ edition: 6, version: 2n, startTicks: 9n, sessions: list(6, 1), found: list(-6, 3), lacking: [] },
  odd: [{ part: 'record', reason: 'wrongType', count: 1 }],
};

it('drops a call with the lists that its editions brought, under every start it had', () => {
  expect(droppedCall([first, second])).toEqual({
    ...{ call: 4, editions: [4, 6], starts: [undefined, 9n] },
    ...{ participants: [list(4, 2), list(-6, 3)], sessions: [list(6, 1)] },
    tally: [-1, -2, -2, 0, -3, -2, -1],
    found: { edition: 6, call: 4, startTicks: 9n, participants: 5 },
  });
});

it('drops a fragment, which is not indexed, from the counts of incomplete calls', () => {
  expect(droppedCall([first])).toMatchObject({ tally: [-1, -1, -2, -1, 0, -1, 0], found: undefined });
});

it('returns nothing to drop without editions', () => {
  expect(droppedCall([])).toBe(undefined);
});
