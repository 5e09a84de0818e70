/** Large calls are analyzed one at a time, each once for all clients who wait for it. */
import { expect, it } from 'vitest';
import type { Edition } from '../../../store/edition.ts';
import { LargeCalls } from './large-calls.ts';

const editionOf = (tenantId: string, count = 10) =>
  ({ tenantId, edition: 1, digest: 'd', participants: { list: 1, count } }) as unknown as Edition; // what is read
const here = { destroyed: false };
const gone = { destroyed: true };

/** Returns work that ends when it is told to, and how often it began. */
function work(log: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = () => {
    log.push(name);
    return promise;
  };
  return { run, resolve: () => resolve(name), reject };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('the second begins when the first has ended, also when it failed', async () => {
  const [calls, log] = [new LargeCalls(10), [] as string[]];
  const [one, two] = [work(log, 'one'), work(log, 'two')];
  const first = calls.analyze(editionOf('a'), 'roll', here, one.run);
  const second = calls.analyze(editionOf('a'), 'quality', here, two.run);
  await settled();
  expect(log).toEqual(['one']);
  one.reject(new Error('damaged'));
  await expect(first).rejects.toThrow('damaged');
  two.resolve();
  expect(await second).toBe('two');
});

it('clients who request the same get one result, but not those of another tenant', async () => {
  const [calls, log] = [new LargeCalls(10), [] as string[]];
  const [one, two, three] = [work(log, 'one'), work(log, 'two'), work(log, 'three')];
  for (const each of [one, two, three]) each.resolve();
  const results = await Promise.all([
    calls.analyze(editionOf('a'), 'roll', here, one.run),
    calls.analyze(editionOf('a'), 'roll', here, two.run),
    calls.analyze(editionOf('b'), 'roll', here, three.run),
  ]);
  expect([results, log]).toEqual([
    ['one', 'one', 'three'],
    ['one', 'three'],
  ]);
  expect(await calls.analyze(editionOf('a'), 'roll', here, two.run)).toBe('two');
});

it('a small call does not wait', async () => {
  const [calls, log] = [new LargeCalls(10), [] as string[]];
  void calls.analyze(editionOf('a'), 'roll', here, work(log, 'never ends').run);
  const small = work(log, 'small');
  small.resolve();
  expect(await calls.analyze(editionOf('a', 9), 'roll', here, small.run)).toBe('small');
});

it('nothing begins for clients who have disconnected', async () => {
  const [calls, log] = [new LargeCalls(10), [] as string[]];
  const analyze = (client: typeof here, name: string) =>
    calls.analyze(editionOf('a'), name, client, () => Promise.resolve(log.push(name)));
  await expect(analyze(gone, 'left')).rejects.toThrow();
  await Promise.all([analyze(gone, 'shared'), analyze(here, 'shared')]);
  expect(log).toEqual(['shared']);
});
