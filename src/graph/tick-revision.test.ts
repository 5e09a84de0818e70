import { setImmediate as nextTick } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTickRevision } from './tick-revision.ts';

it('reads the revision of the store once a tick, and again in the next', async () => {
  let revision = 0;
  const asked = createTickRevision({ revision: () => ++revision });
  expect([asked(), asked()]).toEqual([1, 1]);
  await Promise.resolve(); // still the same tick
  expect(asked()).toBe(1);
  await nextTick();
  expect([asked(), asked()]).toEqual([2, 2]);
});

it('asks again in the next tick after the store rejected', async () => {
  let count = 0;
  const asked = createTickRevision({
    revision: () => (++count === 1 ? Promise.reject(new Error('away')) : Promise.resolve(7)),
  });
  const both = await Promise.allSettled([asked(), asked()]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await nextTick();
  expect(await asked()).toBe(7);
});

it('keeps no result of a store that throws', async () => {
  const asked = createTickRevision({
    revision: () => {
      throw new Error('away');
    },
  });
  expect(asked).toThrow('away');
  await nextTick();
  expect(asked).toThrow('away');
});
