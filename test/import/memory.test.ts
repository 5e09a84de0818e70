/** Tests that the memory of an import does not grow with the content of a line; memory.long.test.ts has the large files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { contentsOf } from '../../src/collect/ingest/line-contents.ts';
import { maxValues } from '../../src/collect/ingest/limits.ts';
import { measured } from '../support/measured.ts';
import { longestMs } from '../support/often.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));

const megabyte = Buffer.alloc(2 ** 20, ' ');
/** About twice what was measured; what was mended took three to ten times as much. */
const mostMebibytes = 400;

describe('the memory of an import is bounded', { timeout: longestMs }, () => {
  it('with standard input that never ends a line', async () => {
    const store = `sqlite:${join(folder, 'endless.db')}`;
    const endless = Readable.from(Array<Buffer>(256).fill(megabyte));
    const { peakMebibytes, stdout } = await measured(
      ['import', '-', '--store', store, '--quiet', '--json', '--max-line-mb', '8'],
      endless,
    );
    expect(JSON.parse(stdout)).toMatchObject({ rejected: 1 });
    expect(peakMebibytes).toBeLessThan(mostMebibytes);
  });
});

describe('a line', () => {
  const refusal = (text: string) => {
    const contents = contentsOf(Buffer.from(text));
    return 'refused' in contents ? contents.refused.reason : undefined;
  };
  const values = (count: number, value: string, between: string) =>
    Array<string>(count).fill(value).join(between);
  const record = '{"id":"x","version":1,"startDateTime":null}';

  it.each([
    ['of an array', (count: number) => `[${values(count - 1, '1', ',')}]`],
    [
      'one after another',
      (count: number) => `${values(count >> 1, '[1]', ' ')}${count % 2 === 1 ? ' 1' : ''}`,
    ],
    ['of a response', (count: number) => `{"value":[${record},${values(count - 2, '1', ',')}]}`],
  ])('holds so many values and no more: %s', { timeout: longestMs }, (_, textOf) => {
    expect(refusal(textOf(maxValues))).toBeUndefined();
    expect(refusal(textOf(maxValues + 1))).toBe(`The line holds more than ${maxValues} values. Split it.`);
  });
});

it('a participant with one id many times over is compared in time that grows with the list', () => {
  const text = (count: number) =>
    Buffer.from(
      `{"id":"x","version":1,"participants_v2":[${Array.from(
        { length: count },
        (_, i) => `{"id":"p","identity":{"user":{"id":"${i}"}}}`,
      ).join()}]}`,
    );
  const spent = (count: number) => {
    const line = text(count);
    const begun = process.cpuUsage();
    const contents = contentsOf(line);
    expect('received' in contents).toBe(true);
    return process.cpuUsage(begun).user;
  };
  spent(5000);
  // Sixteen times the entries: 256 times the work where each is compared with every other.
  expect(spent(80_000)).toBeLessThan(80 * Math.max(spent(5000), 5000));
});
