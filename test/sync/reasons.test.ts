/** What a sync tells of an upstream that fails, and that a certificate does what a secret does. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import type { SyncTenant } from '../../src/collect/sync/sync.ts';
import type { TenantOutcome } from '../../src/collect/sync/tenant-report.ts';
import { aParticipant, aRecord } from '../support/records.ts';
import { startEmulator, type TestEmulator } from '../support/emulator.ts';
import { hurry, testSync } from '../support/sync.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
afterAll(() => rmSync(folder, { recursive: true }));
const clientId = '44444444-4444-4444-8444-444444444444';
const never = new AbortController().signal;

let upstream: TestEmulator;
let store: CallRecordStore;
beforeEach(async () => {
  upstream = await startEmulator();
  store = openSqliteStore(':memory:', { clock: upstream.clock });
  await upstream.import([
    aRecord('call', {
      startDateTime: '2026-11-02T10:00:00Z',
      participants_v2: [aParticipant('p')],
      sessions: [{ id: 's', segments: [] }],
    }),
  ]);
});
afterEach(async () => {
  await store[Symbol.asyncDispose]();
  await upstream.stop();
});

async function once(tenant: Partial<SyncTenant> = {}) {
  const { clock, url } = upstream;
  using sync = testSync({ url, store, clock, tenants: [tenant] });
  let outcome: TenantOutcome | undefined;
  const ended = sync.tenants[0]!.once(never).then((one) => (outcome = one));
  await hurry(clock, sync, () => outcome !== undefined);
  const { problems, ...counts } = await ended;
  return { ...counts, problems: problems.map(({ reason }) => reason) };
}

const fault = (effect: object, match: object = {}) => upstream.ask('POST', 'faults', { match, effect });
const wanted = async () =>
  (await store.upstream.pending(upstream.emulator.tenantId, undefined, 9))[0]?.reason;

describe('an upstream that fails', () => {
  const ofCall = { callId: 'call' };

  it.each([
    ['notFound', { status: 404 }],
    ['throttled', { status: 429, retryAfterSeconds: 3 }],
    ['upstreamDown', { status: 503 }],
    ['cut', { cut: 'middle' }],
    ['notJson', { wrongJson: 'html' }],
    ['cut', { wrongJson: 'truncated' }],
  ] as const)('leaves a call wanted with the reason %s when it answers %j', async (reason, effect) => {
    await fault(effect, ofCall);
    const outcome = await once();
    expect(outcome).toMatchObject({ incomplete: 1, records: 0 });
    expect(await wanted()).toBe(reason);
    await upstream.ask('DELETE', 'faults');
    expect(await once()).toMatchObject({ incomplete: 0, records: 1, failed: false });
  });

  it('with every request refused is told of once, in words and with its code', async () => {
    await upstream.ask('POST', 'clients', { clientId, secrets: ['right'], roles: [] });
    const outcome = await once({ clientId, credentials: { kind: 'secret', secret: 'right' } });
    expect(outcome).toMatchObject({ failed: true, records: 0 });
    expect(outcome.problems).toEqual([
      'Upstream denied access. Grant the application permission CallRecords.Read.All with the consent of an administrator. (status 403, Forbidden)',
    ]);
  });

  it('with a list that is none is told of', async () => {
    await fault({ wrongJson: 'html' }, { endpoint: 'communications/callRecords' });
    const { problems, failed } = await once();
    expect([failed, problems]).toEqual([
      false,
      [
        expect.stringMatching(
          /^The list of calls that began between \S+ and \S+ could not be read to its end\. The response of upstream is not JSON\. .*\(Not JSON: a value expected at byte 0\.\)$/,
        ),
      ],
    ]);
  });
});

describe('an authority', () => {
  it('that does not answer is told of by its own name, after a while', async () => {
    const { problems, failed, requests } = await once({ authority: new URL('http://127.0.0.1:1') });
    expect([failed, requests, problems.length]).toEqual([true, 0, 1]);
    expect(problems[0]).toMatch(
      /^The authority does not respond.*--authority.*\(connection refused, ECONNREFUSED\)$/,
    );
  });

  it('that is something else is told of at once', async () => {
    const begun = upstream.clock.now();
    const { problems, failed } = await once({ authority: new URL('/v1.0/elsewhere', upstream.url) });
    expect([failed, upstream.clock.now()]).toEqual([true, begun]);
    expect(problems).toEqual([
      expect.stringMatching(/^The server at --authority does not issue tokens\. .*\(status 4\d\d\)$/),
    ]);
  });
});

describe('credentials', () => {
  /** PEM as Entra wants a certificate and its key. */
  const certificate = async (keyType: 'rsa' | 'ec') => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'rollcall' }], { keyType });
    return { cert, pem: `${cert}\n${key}` };
  };

  it.each(['rsa', 'ec'] as const)('may be a certificate and its private key: %s', async (keyType) => {
    const { cert, pem } = await certificate(keyType);
    await upstream.ask('POST', 'clients', { clientId, secrets: [], certificates: [cert] });
    const path = join(folder, `${keyType}.pem`);
    writeFileSync(path, pem);
    const credentials = { kind: 'certificateFile', path } as const;
    expect(await once({ clientId, credentials })).toMatchObject({ records: 1, failed: false });
  });

  it('of another certificate are refused, with the code of the authority', async () => {
    const { cert } = await certificate('ec');
    const other = await certificate('ec');
    await upstream.ask('POST', 'clients', { clientId, secrets: [], certificates: [cert] });
    const path = join(folder, 'other.pem');
    writeFileSync(path, other.pem);
    const { failed, problems } = await once({ clientId, credentials: { kind: 'certificateFile', path } });
    expect(failed).toBe(true);
    expect(problems[0]).toMatch(/^The authority rejected the credentials\. .*\(invalid_client, AADSTS\d+\)$/);
  });

  it.each([
    ['there is no such file', undefined],
    ['it does not contain a certificate and its private key in PEM', 'nothing of the kind'],
  ])('in a file that is not one are told of: %s', async (says, text) => {
    const path = join(folder, `${says.length}.pem`);
    if (text !== undefined) writeFileSync(path, text);
    const { problems } = await once({ credentials: { kind: 'certificateFile', path } });
    expect(problems[0]).toContain(`The credential in '${path}' cannot be used: ${says}.`);
  });
});
