/** The roll that is computed from stored blocks has what the API's own lists say. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRoll } from '../../src/analysis/read-roll.ts';
import { development } from '../../src/base/development.ts';
import { randomRecord } from '../support/random-records.ts';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { oracleRoll } from '../support/roll-oracle.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const { tenantId } = development;
const otherTenant = '0d9f6a1c-7f43-4a56-9d38-3d3b1f0c7a52';
const records = Array.from({ length: 120 }, (_, number) =>
  randomRecord(20_001, number, { odd: number % 2 === 1 }),
);

describe('readRoll', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startTestServer();
    await server.import([
      ...records.map(({ text }) => text),
      aRecord('versions', { participants_v2: [aParticipant('a')], sessions: [aSession('1', 'a')] }),
      aRecord('versions', { version: 2, participants_v2: [aParticipant('a'), aParticipant('b')] }),
      aRecord('bare'),
    ]);
    await server.import([aRecord('theirs', { participants_v2: [aParticipant('c')] })], otherTenant);
  });
  afterAll(() => server.stop());

  it('gives of every record the people, times, devices and failures that the API’s lists give', async () => {
    const callIds = await server.store.someCalls(tenantId, 1000);
    expect(callIds.length).toBeGreaterThan(100);
    for (const { callId } of callIds) {
      const roll = await readRoll(server.store, tenantId, callId);
      const people = roll!.people.map((person) => ({
        id: person.id,
        inferredFrom: person.inferredFrom,
        joinedMs: person.spans[0]?.[0] ?? null,
        leftMs: person.spans.at(-1)?.[1] ?? null,
        presentSeconds: person.presentSeconds,
        platforms: person.platforms,
        failures: person.failures,
      }));
      expect({ callId, people }).toEqual({ callId, people: await oracleRoll(server, callId) });
    }
  });

  it('reads an earlier version, and a list that was not received is null', async () => {
    const idsOf = async (version?: bigint) =>
      (
        await readRoll(server.store, tenantId, 'versions', version === undefined ? version : { version })
      )?.people.map(({ id }) => id);
    expect([await idsOf(1n), await idsOf(2n), await idsOf()]).toEqual([['a'], ['a', 'b'], ['a', 'b']]);
    const bare = await readRoll(server.store, tenantId, 'bare');
    expect([bare?.sessionCount, bare?.edition.participants]).toEqual([null, undefined]);
  });

  it('finds no call of another tenant, and no state before the first', async () => {
    expect([
      await readRoll(server.store, tenantId, 'theirs'),
      await readRoll(server.store, tenantId, 'versions', { version: 0n }),
      (await readRoll(server.store, otherTenant, 'theirs'))?.people.length,
    ]).toEqual([undefined, undefined, 1]);
  });
});
