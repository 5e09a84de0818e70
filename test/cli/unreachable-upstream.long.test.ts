/** Tests that `sync --once --json` retries an upstream that does not respond, and ends with one line of JSON on standard error. */
import { expect, it } from 'vitest';
import { rollcall } from '../support/rollcall.ts';

it('sync --once retries an upstream that does not respond for half a minute, and names the cause', async () => {
  const of = ['--upstream', 'http://127.0.0.1:9', '--store', 'memory:', '--logs', 'none'];
  const { code, stdout, stderr } = await rollcall(['sync', '--once', ...of, '--json', '--quiet']);
  expect(code).toBe(3);
  expect((JSON.parse(stdout) as { problems: unknown[] }).problems.length).toBeGreaterThan(0);
  expect(stderr).toMatch(/^\{.*\}\n$/);
  expect(JSON.parse(stderr)).toEqual({
    error: { code: 'failed', messages: [expect.stringContaining('ECONNREFUSED')] },
  });
});
