/** Graph's limits as the documentation shows them are those that `sync` plans by and `dev --throttle` enforces. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { edms } from '../../src/contract/edm.ts';
import { limitsOf, throttlingLimits } from '../../src/contract/throttling-limits.ts';

it("names each of Graph's limits in docs/keeping.md, and no other", () => {
  const text = readFileSync(new URL('../../docs/keeping.md', import.meta.url), 'utf8');
  const [, , ...rows] = /^\| limit +\| requests \| .*\n(?:\|.*\n)+/m.exec(text)![0].trim().split('\n');
  const shown = rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  for (const { source } of Object.values(throttlingLimits)) expect(text).toContain(`"${source}"`);
  expect(shown).toEqual(
    Object.values(throttlingLimits).map(({ name, requests, seconds, counts }) => [
      `\`${name}\``,
      requests.toLocaleString('en'),
      String(seconds),
      counts,
    ]),
  );
});

it('puts every kind of request under its own limit and those around it', () => {
  const names = (request: Parameters<typeof limitsOf>[0]) =>
    limitsOf(request).map(({ limit, item }) => (item === undefined ? limit.name : `${limit.name} ${item}`));
  const calls = ['appInAllTenants', 'tenantOfAllApps', 'appInTenant'];
  expect(names({ of: 'record', callId: 'a' })).toEqual([...calls, 'callRecord a']);
  expect(names({ of: 'list' })).toEqual([...calls, 'callRecordList']);
  expect(names({ of: 'other' })).toEqual(calls);
  for (const { name } of edms.beta.functions)
    expect(names({ of: 'log', name })).toEqual(['logsOfTenant', 'logsOfAppInTenant', `logFunction ${name}`]);
});
