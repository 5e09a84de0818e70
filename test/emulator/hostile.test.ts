/** Random requests to the control API neither break the emulator nor reveal secrets. */
import { hash } from 'node:crypto';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { development } from '../../src/base/development.ts';
import { controlRoutes } from '../../src/emulator/http/control-routes.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { hostileFileNames } from '../support/hostile-names.ts';
import { often } from '../support/often.ts';
import { aRecord, participants } from '../support/records.ts';
import { importLines } from '../support/server.ts';
import { startEmulator } from '../support/emulator.ts';

const secret = 'a-secret-that-nobody-should-see';
const text = fc.oneof(
  fc.constantFrom('call', 'PT1H', '2026-11-02T12:00:00Z', 'communications/*', ''),
  fc.string(),
);
const number = fc.oneof(fc.constantFrom(0, 1, 404, 503, -1, 1.5), fc.integer());
const member = fc.oneof(text, number, fc.boolean(), fc.jsonValue({ maxDepth: 2 }));
const names = [
  'match',
  'effect',
  'callId',
  'page',
  'path',
  'times',
  'after',
  'for',
  'until',
  'status',
  'cut',
];
const more = [
  'wrongJson',
  'late',
  'delay',
  'notification',
  'advance',
  'to',
  'name',
  'steps',
  'calls',
  'members',
];
const flat = fc.dictionary(fc.constantFrom(...names, ...more, '__proto__', 'constructor'), member, {
  maxKeys: 5,
});
const rule = fc.record(
  {
    match: fc.record({ path: text, callId: text, page: number }, { requiredKeys: [] }),
    times: fc.constantFrom(1, 2),
    // Nothing that waits for a clock which stands.
    effect: fc.oneof(
      fc.record(
        // fetch itself fails at 407, a status of proxies.
        {
          status: fc.integer({ min: 400, max: 599 }).filter((one) => one !== 407),
          code: text,
          message: text,
        },
        { requiredKeys: ['status'] },
      ),
      fc.record({ wrongJson: fc.constantFrom('truncated', 'html', 'empty') }),
      fc.record({ participantsMissing: fc.integer({ min: 1, max: 9 }) }),
    ),
  },
  { requiredKeys: ['effect'] },
);
const body = fc.oneof(flat, rule, fc.array(rule, { maxLength: 3 }), fc.jsonValue());

it('never answers 500, nor with a secret, to random bodies on every path', async () => {
  await using emulator = await startEmulator();
  await emulator.import([aRecord('call', { participants_v2: participants(3) })]);
  await emulator.ask('POST', 'clients', {
    clientId: '33333333-3333-4333-8333-333333333333',
    secrets: [secret],
  });
  const path = fc.constantFrom(...controlRoutes.map(({ template }) => template));
  const key = fc.constantFrom('call', '1', 'none', '%2e%2e', 'a%2Fb');
  // Faults may change answers of the API; the control API only rejects.
  await fc.assert(
    fc.asyncProperty(
      path,
      key,
      fc.constantFrom('GET', 'POST', 'DELETE', 'PUT'),
      body,
      async (template, id, method, sent) => {
        const answer = await fetch(`${emulator.url}/rollcall/dev/${template.replace(/\{\w+\}/, id)}`, {
          method,
          ...(method !== 'GET' && {
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(sent),
          }),
        });
        const answered = await answer.text();
        expect([answer.status < 500, answered.includes(secret), emulator.defects]).toEqual([true, false, []]);
        if (answered !== '') JSON.parse(answered);
      },
    ),
    { numRuns: often(100, 400) },
  );
});

it('injects random faults without a defect', async () => {
  await using emulator = await startEmulator();
  await emulator.import([aRecord('call', { participants_v2: participants(300) })]);
  const calls = '/v1.0/communications/callRecords';
  const asked = [
    calls,
    `${calls}/call`,
    `${calls}/call/participants_v2`,
    `${calls}/call?$expand=participants_v2`,
  ];
  await fc.assert(
    fc.asyncProperty(fc.array(rule, { maxLength: 4 }), async (rules) => {
      await emulator.ask('DELETE', 'faults');
      const statuses = new Set([
        200,
        ...rules.flatMap(({ effect }) => ('status' in effect ? [effect.status] : [])),
      ]);
      if (rules.length > 0) await emulator.ask('POST', 'faults', rules);
      for (const path of asked) {
        const answer = await emulator.get(path);
        await answer.text();
        expect([statuses.has(answer.status), emulator.defects]).toEqual([true, []]);
      }
    }),
    { numRuns: often(20, 60) },
  );
});

it('reads, writes and deletes no file that the name of a snapshot leads to', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const other = openSqliteStore(join(folder, 'other.db'));
  await importLines(other, [aRecord('theirs', { participants_v2: participants(3) })], development.tenantId);
  await other[Symbol.asyncDispose]();
  const victims = () =>
    ['other.db', 'sub/other.db'].map((name) => hash('sha256', readFileSync(join(folder, name))));
  mkdirSync(join(folder, 'sub'));
  copyFileSync(join(folder, 'other.db'), join(folder, 'sub', 'other.db'));
  const before = victims();
  await using emulator = await startEmulator({ store: openSqliteStore(join(folder, 'store.db')) });
  await emulator.ask('POST', 'snapshots', { name: 'kept' });
  const leading = fc.constantFrom('../other', '../sub/other', join(folder, 'other'), 'kept/../../other');
  await fc.assert(
    fc.asyncProperty(
      fc.oneof({ weight: 2, arbitrary: hostileFileNames }, leading),
      fc.constantFrom<'DELETE' | 'restore' | 'save'>('DELETE', 'restore', 'save'),
      fc.boolean(),
      async (name, way, isTwice) => {
        const segment = encodeURIComponent(isTwice ? encodeURIComponent(name) : name).replaceAll('.', '%2e');
        const asked =
          way === 'save'
            ? emulator.ask('POST', 'snapshots', { name })
            : way === 'restore'
              ? emulator.ask('POST', `snapshots/${segment}/restore`)
              : emulator.ask('DELETE', `snapshots/${segment}`);
        // What is empty or a dot is another path.
        expect([400, 404, 405]).toContain((await asked).status);
      },
    ),
    { numRuns: often(40, 150) },
  );
  expect(victims()).toEqual(before);
  const calls = await emulator.get('/v1.0/communications/callRecords/theirs');
  expect([calls.status, emulator.defects, readdirSync(join(folder, 'store.db-snapshots'))]).toEqual([
    404,
    [],
    ['kept.db'],
  ]);
  await emulator.stop();
  rmSync(folder, { recursive: true });
});
