/** Fills stores with calls of every kind. */
import { Readable } from 'node:stream';
import { expect } from 'vitest';
import { generateLines } from '../../src/emulator/generate/generate.ts';
import { generateLogRows } from '../../src/emulator/generate/log-rows.ts';
import { importSources } from '../../src/collect/ingest/import.ts';
import type { SetAside } from '../../src/store/set-aside.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { aParticipant, aRecord, aSession } from './records.ts';

/** Imports lines and expects none to be rejected. */
export async function importLines(store: CallRecordStore, tenantId: string, lines: Iterable<string>) {
  const source = { name: 'lines', size: undefined, open: () => Readable.from(bytesOf(lines)) };
  const rejects: string[] = [];
  const counts = await importSources([source], {
    ...{ tenantId, store, maxLineBytes: 2 ** 26 },
    onReject: ({ reason }) => void rejects.push(reason),
    onRead: () => undefined,
  });
  expect(rejects).toEqual([]);
  return counts;
}

function* bytesOf(lines: Iterable<string>) {
  for (const line of lines) yield Buffer.from(`${line}\n`);
}

const context = (id: string, list: string) =>
  `https://graph.microsoft.com/v1.0/$metadata#communications/callRecords('${id}')/${list}`;

/**
 * Lines with calls of every kind: several versions, incomplete lists, single pages, inferred participants, odd texts.
 */
export const oddLines = [
  aRecord('versions', { participants_v2: [aParticipant('first')] }),
  aRecord('versions', { version: 2, participants_v2: [aParticipant('first'), aParticipant('=second')] }),
  aRecord('broken', {
    'participants_v2@odata.nextLink': 'https://x/1',
    participants_v2: [aParticipant('p')],
  }),
  aRecord('found', {
    participants_v2: [aParticipant('listed')],
    sessions: [aSession('s', 'found-person'), { id: 't', caller: null, callee: null }],
  }),
  aRecord("o'dd \u20ac", { joinWebUrl: '+49 30, "x"\n;', version: 9223372036854775807n.toString() }),
  aRecord('listless'),
  { '@odata.context': context('pages', 'participants_v2'), value: [aParticipant('page-person')] },
  {
    '@odata.context': context('pages', 'sessions'),
    '@odata.nextLink': 'https://x/2',
    value: [aSession('u')],
  },
].map((line) => JSON.stringify(line).replace('"9223372036854775807"', '9223372036854775807'));

/** Quarantined pieces with and without a call. */
const setAside = [
  { unit: 'entry', callId: 'found', reason: 'It is no object.', text: 'null' },
  { unit: 'line', callId: undefined, reason: 'It is not JSON.', text: '\u0000\ufffd{' },
].map((piece) => ({ ...piece, origin: 'import lines:1', text: Buffer.from(piece.text) }) as SetAside);

/** Fills a store with generated calls, log rows and all odd lines. */
export async function fill(store: CallRecordStore, tenantId: string, calls: number, seed = 7): Promise<void> {
  const options = { seed, users: 40, largest: 200, days: 5, until: new Date('2026-11-01'), tenantId };
  await importLines(store, tenantId, generateLines({ ...options, calls, sessions: true, media: true }));
  await importLines(store, tenantId, generateLogRows({ ...options, calls: 0, rows: 40 }));
  await importLines(store, tenantId, oddLines);
  await store.quarantine.add(tenantId, setAside);
}
