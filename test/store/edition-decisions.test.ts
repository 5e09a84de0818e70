/** Tests the decisions about a new edition, without a store. */
import { describe, expect, it } from 'vitest';
import {
  transferredCallRows,
  transferredEditions,
  type EditionInput,
  receivedEdition,
  type SharedEdition,
} from '../../src/store/edition-decisions.ts';
import { type KnownEdition, nextEdition } from '../../src/store/next-edition.ts';
import type { ReceivedCall } from '../../src/store/received-call.ts';
import type { EditionContent, TransferredCall } from '../../src/store/transfer.ts';
import { walkCall } from '../../src/collect/ingest/read-call.ts';
import { storedRules } from '../../src/wire/text/entity.ts';
import { OpenBlocks } from '../../src/wire/text/open-block.ts';
import { Scanner } from '../../src/wire/text/scanner.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { received } from './suite.ts';

const start = 17672256000000001n;
const ids = ['participant-0', 'participant-1'];

function addition(
  edition: number,
  call: ReceivedCall,
  known: readonly KnownEdition[] = [],
  shared?: SharedEdition,
): EditionInput {
  const next = nextEdition(call, known)!;
  return { tenantId: 't', edition, call, next, known, shared, receivedMs: 5 };
}

const first = received({ version: 1, participants: participants(2), sessions: 1 });
const { written } = receivedEdition(addition(1, first));
/** The first edition before its sessions were received. */
const listed: SharedEdition = {
  ...written,
  edition: { ...written.edition, sessions: undefined },
  ...{
    sessionsDigest: undefined,
    participants: first.participants!.value.blocks,
    sessions: [],
    segments: [],
  },
};
const known: KnownEdition = {
  ...{ edition: 1, version: 1n, startTicks: start, headDigest: first.head.digest },
  ...{ participantsDigest: first.participants!.digest, sessionsDigest: undefined },
  ...{ participantsList: 1, participants: 2, found: 0, isLacking: false, isOdd: false },
};
/** Sessions of the same version, received later. */
const later = { ...first, participants: undefined };

describe('the first edition of a call', () => {
  it('has all received parts, and its participants are indexed by its start', () => {
    const { written, indexed } = receivedEdition(addition(1, first));
    expect(written).toMatchObject({ isNewest: true, ended: undefined, tally: [1, 1, 2, 0, 0, 1, 0] });
    expect(written.edition).toMatchObject({
      call: 1,
      startTicks: start,
      participants: { list: 1, count: 2 },
    });
    expect(written.participants).toEqual([{ list: 1, ids, blocks: first.participants!.value.blocks }]);
    expect(written.sessions).toMatchObject({ list: 1, blocks: first.sessions!.value.blocks });
    expect(indexed).toMatchObject({ edition: 1, participants: 2, sessions: 1, incomplete: false });
  });

  it('is not indexed and lacks its record when only a fragment was received', () => {
    const { written, indexed } = receivedEdition(addition(1, received({ participants: participants(1) })));
    expect([written.edition.startTicks, indexed, written.tally]).toEqual([
      undefined,
      undefined,
      [1, 1, 1, 1, 0, 1, 0],
    ]);
  });
});

describe('an edition that shares a list', () => {
  it('indexes it under no other start', () => {
    const { written } = receivedEdition(addition(2, later, [known], listed));
    expect(written.edition).toMatchObject({ call: 1, participants: { list: 1, count: 2 } });
    expect([written.participants, written.tally]).toEqual([[], [0, 1, 0, 0, 0, 0, 0]]);
    expect(written.ended).toEqual({ edition: 1, call: 1, startTicks: start, participants: 2 });
  });

  it('indexes it under its own start, unless an earlier edition of the call did', () => {
    const fragment: KnownEdition = { ...known, version: 0n, startTicks: undefined };
    const shared = { ...listed, edition: { ...listed.edition, version: 0n, startTicks: undefined } };
    const found = (all: readonly KnownEdition[]) =>
      receivedEdition(addition(3, { ...later, version: 2n }, all, shared)).written.participants;
    expect(found([fragment])).toEqual([{ list: 1, ids, blocks: [] }]);
    expect(found([fragment, { ...known, edition: 2 }])).toEqual([]);
  });

  it('infers the participants that its sessions name and the list lacks', () => {
    const text = JSON.stringify(aRecord('call', { version: 1, sessions: [aSession('s', 'absent')] }));
    const { sessions } = walkCall(new Scanner(Buffer.from(text), 0, undefined, storedRules)).call().call;
    const { written } = receivedEdition(addition(2, { ...later, sessions }, [known], listed));
    expect(written.participants).toMatchObject([{ list: -2, ids: ['absent'] }]);
    expect(written.tally).toEqual([0, 1, 0, 0, 1, 0, 0]);
  });
});

describe('a call that is copied from another store', () => {
  const second = { ...written.edition, edition: 2, version: 2n };
  const content = {
    ...{ head: written.head, headDigest: written.headDigest, participantsDigest: written.participantsDigest },
    sessionsDigest: undefined,
    ...{ participants: first.participants!.value.blocks, sessions: undefined, found: undefined },
  };
  const call: TransferredCall = {
    callId: 'call',
    editions: [written.edition, second],
    contents: new Map<number, EditionContent>([
      [1, content],
      [2, { ...content, participants: undefined }],
    ]),
    health: undefined,
  };

  it('is written as it was received', () => {
    const [carried] = transferredEditions(call, new Set(), new OpenBlocks());
    expect(carried).toMatchObject({ edition: written.edition, participants: written.participants });
    expect([carried?.tally, carried?.until, carried?.ended]).toEqual([written.tally, 2, undefined]);
  });

  it('replaces a stored edition for readers, and writes only the missing editions', () => {
    const { editions, indexed } = transferredCallRows(call, new Set([1]));
    expect(editions).toMatchObject([
      { edition: second, ended: { edition: 1, startTicks: start, participants: 2 }, participants: [] },
    ]);
    expect(indexed).toMatchObject({ edition: 2, participants: 2 });
    expect(transferredCallRows(call, new Set([1, 2]))).toEqual({ editions: [], indexed: undefined });
  });
});
