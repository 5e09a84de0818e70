import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurnRevision } from './tick-revision.ts';

it('asks the store once in a turn, and again in the next', async () => {
  let revision = 0;
  const asked = createTurnRevision({ revision: () => ++revision });
  expect([asked(), asked()]).toEqual([1, 1]);
  await Promise.resolve(); // the same turn still
  expect(asked()).toBe(1);
  await nextTurn();
  expect([asked(), asked()]).toEqual([2, 2]);
});

it('asks anew after a store did not answer', async () => {
  let count = 0;
  const asked = createTurnRevision({
    revision: () => (++count === 1 ? Promise.reject(new Error('away')) : Promise.resolve(7)),
  });
  const both = await Promise.allSettled([asked(), asked()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await nextTurn();
  expect(await asked()).toBe(7);
});

it('leaves nothing behind where the store refuses at once', async () => {
  const asked = createTurnRevision({
    revision: () => {
      throw new Error('away');
    },
  });
  expect(asked).toThrow('away');
  await nextTurn();
  expect(asked).toThrow('away');
});
