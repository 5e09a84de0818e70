/** Tests `find`, `show` and `export --call` on a store: the same on each engine. */
import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/store/open-store.ts';
import { systemClock } from '../../src/base/clock.ts';
import { importLines } from './filled-store.ts';
import { aRecord } from './records.ts';
import { rollcall as run } from './rollcall.ts';

const mine = '11111111-1111-4111-8111-111111111111';
const theirs = '22222222-2222-4222-8222-222222222222';
const elsewhere = '33333333-3333-4333-8333-333333333333';
const meeting = 'https://teams.microsoft.com/l/meetup-join/19%3ameeting_one%40thread.v2/0';

interface TestPerson {
  readonly id: string;
  readonly displayName: string;
  readonly tenantId?: string;
  readonly userPrincipalName?: string;
}
const anna = person('anna', 'Anna Berg', mine, 'anna.berg@contoso.com');
const paul = person('paul', 'Paul Novak', mine, 'paul.novak@contoso.com');
const olga = person('olga', 'Olga Stein', elsewhere, 'olga@fabrikam.com');

function person(
  id: string,
  displayName: string,
  tenantId: string,
  userPrincipalName: string,
): Required<TestPerson> {
  return { id, displayName, tenantId, userPrincipalName };
}

function participant(user: TestPerson) {
  return { id: user.id, identity: { user }, administrativeUnitInfos: [] };
}

function phone(number: string) {
  return { id: number, identity: { phone: { id: number, displayName: null } }, administrativeUnitInfos: [] };
}

function session(id: string, caller: TestPerson, callee: TestPerson, more: Record<string, unknown> = {}) {
  const end = (user: TestPerson) => ({
    identity: { user },
    associatedIdentity: user,
    userAgent: { platform: 'windows', productFamily: 'teams' },
  });
  const times = { startDateTime: '2026-10-12T09:58:00Z', endDateTime: '2026-10-12T10:28:00Z' };
  return { id, ...times, caller: end(caller), callee: end(callee), segments: [], ...more };
}

const at = (day: string, hours = '10') => ({
  startDateTime: `${day}T${hours}:00:00Z`,
  endDateTime: `${day}T${hours}:30:00Z`,
});

/** A segment with one audio stream that lost a fifth of its packets. */
const poorSegment = {
  id: 'g',
  startDateTime: '2026-10-12T09:58:00Z',
  endDateTime: '2026-10-12T10:28:00Z',
  media: [
    {
      label: 'main-audio',
      callerNetwork: { connectionType: 'wifi', wifiBand: 'frequency24GHz', wifiSignalStrength: 21 },
      callerDevice: { captureDeviceName: 'Headset', renderDeviceName: 'Headset' },
      streams: [
        {
          streamId: '1',
          streamDirection: 'callerToCallee',
          averagePacketLossRate: 0.2,
          packetUtilization: 5000,
        },
      ],
    },
  ],
};

const calls = [
  aRecord('aaaaaaaa-0000-4000-8000-000000000001', {
    ...at('2026-10-05'),
    participants_v2: [participant(anna), participant(paul)],
    sessions: [session('s', anna, paul, { segments: [poorSegment] })],
  }),
  aRecord('aaaaaaaa-0000-4000-8000-000000000002', {
    ...at('2026-10-12'),
    version: 2,
    joinWebUrl: meeting,
    participants_v2: [participant(anna), participant(olga), phone('+4930123457274')],
    sessions: [session('s', anna, olga)],
  }),
  aRecord('bbbbbbbb-0000-4000-8000-000000000003', {
    ...at('2026-11-02'),
    type: 'peerToPeer',
    participants_v2: [participant(paul), participant(olga)],
    sessions: [session('s', paul, olga, { failureInfo: { stage: 'midcall', reason: 'Client crashed.' } })],
  }),
  aRecord('Odd-Id', { ...at('2026-09-01'), participants_v2: [participant(paul)] }),
];

const failedRow = (id: string, day: string, code: number) => ({
  '@odata.type': '#microsoft.graph.callRecords.directRoutingLogRow',
  ...{ id, correlationId: id, userId: anna.id, userDisplayName: 'Anna Berg' },
  ...{ startDateTime: `${day}T08:00:00Z`, endDateTime: `${day}T08:00:00Z`, duration: 0 },
  ...{ callType: 'ByotOut', successfulCall: code === 0, callerNumber: '+4930111', calleeNumber: '+4930222' },
  ...{ finalSipCode: code, callEndSubReason: 540486, finalSipCodePhrase: 'Busy Here' },
});

const [first, second, third] = calls.map(({ id }) => id) as [string, string, string];

/** Fills an empty store with the calls of two tenants. */
export async function fillForFinding(url: string): Promise<void> {
  await using store = await openStore(url, systemClock);
  const rows = [failedRow('r1', '2026-10-12', 486), failedRow('r2', '2026-10-20', 0)];
  await importLines(
    store,
    mine,
    [...calls, ...rows].map((line) => JSON.stringify(line)),
  );
  const other = aRecord(first, { ...at('2026-10-06'), participants_v2: [participant(olga)] });
  await importLines(store, theirs, [JSON.stringify(other)]);
}

/** @param url The URL of the filled store */
export function findingSuite(url: () => string): void {
  const rollcall = (...args: string[]) => run(args, { environment: { ROLLCALL_STORE: url() } });
  const ofMine = (...args: string[]) => rollcall(...args, '--tenant', mine);
  const idsIn = (stdout: string) =>
    (JSON.parse(stdout) as { calls: { id: string }[] }).calls.map(({ id }) => id);
  const found = async (...args: string[]) => idsIn((await ofMine('find', ...args, '--json')).stdout);

  describe('find', () => {
    it.each([
      ['--person anna', [second, first]],
      ['--person anna --person paul', [first]],
      ['--person anna --external yes --from 2026-10-01 --to 2026-11-01', [second]],
      ['--external --person anna', [second]],
      ['--external no', [first, 'Odd-Id']],
      ['--number 7274', [second]],
      ['--number 0049-30-12345-7274', [second]],
      ['--number +49(0)30/12345-7274', [second]],
      ['--number +49(0)40', []],
      ['--from 2026-10-05 --to 2026-10-12', [first]],
      ['--from 2026-10-12T10:00Z --to 2026-10-12T10:01Z', [second]],
      ['--state failed', [third]],
      ['--reason client', [third]],
      ['anna 7274', [second]],
      [first.toUpperCase(), [first]],
      ['--person nemo', []],
    ])('%s', async (options, ids) => {
      expect(await found(...options.split(' '))).toEqual(ids);
    });

    it('prints a table, and the number of matches to standard error', async () => {
      const { code, stdout, stderr } = await ofMine('find', '--person', 'anna');
      const [titles, ...rows] = stdout.trimEnd().split('\n');
      expect([code, stderr, titles]).toEqual([
        0,
        '2 calls.\n',
        expect.stringMatching(/^START +LENGTH .* ID$/),
      ]);
      expect(rows).toEqual([
        expect.stringMatching(
          new RegExp(`^2026-10-12 10:00  30 min .*Anna Berg ↔ .*Olga Stein, .*1 external.*${second}$`),
        ),
        expect.stringMatching(new RegExp(`^2026-10-05 10:00  30 min .*Anna Berg ↔ Paul Novak.*${first}$`)),
      ]);
    });

    it('prints nothing but a sentence when nothing matches', async () => {
      expect(await ofMine('find', 'nemo')).toEqual({ code: 0, stdout: '', stderr: 'No call matches.\n' });
      expect(await ofMine('find', 'nemo', '--quiet')).toEqual({ code: 0, stdout: '', stderr: '' });
      const { stdout } = await ofMine('find', 'nemo', '--json');
      expect(JSON.parse(stdout)).toEqual({ calls: [], total: { count: 0, isExact: true } });
    });

    it('prints the newest calls up to the limit, and how many there are', async () => {
      const { stdout, stderr } = await ofMine('find', '--limit', '1');
      expect([stdout.split('\n')[1], stderr]).toEqual([
        expect.stringContaining(third),
        'The newest 1 of 4 calls: --limit prints more.\n',
      ]);
    });

    it('searches all tenants, and names the tenant of each call', async () => {
      const { stdout } = await rollcall('find', '--from', '2026-10-01', '--to', '2026-10-10', '--json');
      const found = (JSON.parse(stdout) as { calls: { id: string; tenant: string }[] }).calls;
      expect(found.map(({ id, tenant }) => [id, tenant])).toEqual([
        [first, theirs],
        [first, mine],
      ]);
      const table = await rollcall('find', '--person', 'olga');
      expect(table.stdout.split('\n')[0]).toMatch(/ TENANT$/);
    });

    it('prints failed phone calls with their SIP codes', async () => {
      const options = ['find', '--what', 'direct-routing', '--state', 'failed'];
      const { stdout, stderr } = await ofMine(...options, '--from', '2026-10-12', '--to', '2026-10-19');
      expect(stdout.split('\n')[1]).toMatch(/^2026-10-12 08:00:00 .* Anna Berg .*\+4930222 .* 486 .*540486/);
      expect(stderr).toBe('1 row.\n');
      const json = await ofMine(...options, '--json');
      expect(JSON.parse(json.stdout)).toMatchObject({
        rows: [{ tenant: mine, sipCode: 486, outcome: 'failed' }],
        total: { count: 1, isExact: true },
      });
    });

    it.each(['0049 30 222', '+49 (0)30 222', 'tel:+49-30-222'])('finds phone calls by %s', async (number) => {
      const { stderr } = await ofMine('find', '--what', 'direct-routing', '--number', number);
      expect(stderr).toBe('2 rows.\n');
    });
  });

  describe('show', () => {
    it.each([
      ['id', second],
      ['id in capitals', second.toUpperCase()],
      ['beginning', 'bbb'],
      ['beginning in capitals', 'BBBBBBBB-0'],
      ['beginning of another id', 'Odd'],
      ['join URL', meeting],
    ])('takes the %s of a call', async (_, name) => {
      const { code, stdout } = await ofMine('show', name);
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^Call +(?:[ab]{8}-|Odd-Id)/)]);
    });

    it('prints who was in a call, when, and from where', async () => {
      const { stdout } = await ofMine('show', second);
      expect(stdout).toContain('3 people: 1 internal, 1 external, 1 phone');
      expect(stdout).toMatch(
        /^2026-10-12 09:58:00 +2026-10-12 10:28:00 +30 min +Olga Stein +User +external, fabrikam\.com +windows/m,
      );
      expect(stdout).toMatch(/^Versions +2, received /m);
      expect(stdout).toMatch(/^Complete +unverified/m);
    });

    it('prints why a call failed', async () => {
      const { stdout } = await ofMine('show', third);
      expect(stdout).toMatch(/^Ended +Failed: Client or device failed, during the call: “Client crashed\.”/m);
      expect(stdout).toMatch(/^Reasons .*\(1 session, 2 people\)$/m);
    });

    it('prints for whom media were poor, and the threshold that decided', async () => {
      const { stdout } = await ofMine('show', first);
      expect(stdout).toMatch(/^2026-10-12 .* Anna Berg .* poor$/m);
      expect(stdout).toContain("Anna Berg's audio to Paul Novak was poor: packet loss 20 %, more than 10 %.");
      expect(stdout).toContain(
        '\n  Network: Wi-Fi, 2.4 GHz, signal 21 %\n  Devices: Headset\n  Client: windows, teams\n',
      );
      const json = await ofMine('show', first, '--json');
      expect(JSON.parse(json.stdout)).toMatchObject({
        roll: {
          people: [
            {
              panel: { isAll: true, feedback: [] },
              quality: { verdict: 'poor', decidedBy: { threshold: 0.1, value: 0.2 } },
            },
            {},
          ],
        },
      });
    });

    it('prints a call as JSON', async () => {
      const { stdout } = await ofMine('show', second, '--json');
      expect(JSON.parse(stdout)).toMatchObject({
        ...{ id: second, version: 2, tenant: mine, versions: [{ version: 2 }] },
        completeness: { state: 'unverified', lacking: [] },
        roll: {
          sessions: 1,
          people: [{ name: 'Anna Berg' }, { affiliation: 'external' }, { kind: 'phone' }],
        },
      });
    });

    it('says that a list was not received', async () => {
      const { stdout } = await ofMine('show', 'Odd-Id');
      expect(stdout).toMatch(/^Sessions +no list received$/m);
      expect(JSON.parse((await ofMine('show', 'odd-id', '--json')).stderr || '{}')).toEqual({
        error: { code: 'usage', messages: [expect.stringContaining('no call has this id')] },
      });
    });

    it.each([
      ['nemo', 'nemo: no call has this id, and no id begins with it.'],
      ['aaaaaaaa', `aaaaaaaa: several calls are meant: ${first}, ${second}. Name one by its whole id.`],
      [
        'https://teams.microsoft.com/nowhere',
        'https://teams.microsoft.com/nowhere: no call has this join URL.',
      ],
      ['%', '%: no call has this id'],
      ['\u001b[2J', '\\u001b[2J: no call has this id'],
    ])('refuses %j', async (name, message) => {
      const { code, stdout, stderr } = await ofMine('show', name);
      expect([code, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
    });

    it('asks for the tenant of a call that two tenants have', async () => {
      const { code, stderr } = await rollcall('show', first);
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/calls of several tenants are meant: .*--tenant/),
      ]);
      expect((await rollcall('show', first, '--tenant', theirs)).stdout).toContain('Olga Stein');
    });
  });

  describe('export --call', () => {
    it('exports the named calls alone, each once', async () => {
      const { code, stdout } = await rollcall('export', '--call', 'bbbb', '--call', second, '--call', second);
      const ids = stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: string }).id);
      expect([code, ids]).toEqual([0, [third, second]]);
    });

    it('exports a roll as CSV and as JSON Lines', async () => {
      const roll = ['export', '--call', second, '--what', 'roll'];
      const csv = await ofMine(...roll, '--format', 'csv', '--columns', 'name,affiliation,joined');
      expect(csv.stdout).toBe(
        [
          '\uFEFFname,affiliation,joined',
          'Anna Berg,internal,2026-10-12T09:58:00.000Z',
          'Olga Stein,external,2026-10-12T09:58:00.000Z',
          `"'+4930123457274",phone,`,
          '',
        ].join('\r\n'),
      );
      const jsonl = await ofMine(...roll);
      expect(JSON.parse(jsonl.stdout.split('\n')[0]!)).toMatchObject({
        ...{ callId: second, callVersion: 2, presentSeconds: 1800, devices: 'windows', failures: '' },
      });
    });

    it('names every call that does not exist, and exports nothing', async () => {
      const { code, stdout, stderr } = await ofMine(
        'export',
        '--call',
        'nemo',
        '--call',
        second,
        '--call',
        'no-one',
      );
      expect([code, stdout, stderr.split('\n')]).toEqual([
        2,
        '',
        [expect.stringMatching(/^--call: nemo: /), expect.stringMatching(/^--call: no-one: /), ''],
      ]);
      expect((await rollcall('export', '--call', second, '--tenant', theirs)).code).toBe(2);
    });

    it('asks for the tenant of a call that two tenants have', async () => {
      expect(await rollcall('export', '--call', first)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^--call: .*calls of several tenants are meant/) as string,
      });
      const theirOwn = await rollcall('export', '--call', first, '--tenant', theirs, '--what', 'roll');
      expect(theirOwn.stdout).toContain('Olga Stein');
      expect(theirOwn.stdout).not.toContain('Anna');
    });
  });
}
