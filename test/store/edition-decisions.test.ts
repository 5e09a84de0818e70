/** What a new edition is made of, told without a store. */
import { describe, expect, it } from 'vitest';
import { type Addition, blocksRead, composeEdition } from '../../src/store/edition-decisions.ts';
import { type KnownEdition, nextEdition } from '../../src/store/next-edition.ts';
import type { ReceivedCall } from '../../src/store/store.ts';
import { walkCall } from '../../src/ingest/read-call.ts';
import { storedRules } from '../../src/text/entity.ts';
import { Scanner } from '../../src/text/scanner.ts';
import { aRecord, aSession, participants } from '../support/records.ts';
import { received } from './suite.ts';

const start = 17672256000000001n;
const nothing = { head: undefined, participants: undefined, sessions: undefined };

function addition(edition: number, call: ReceivedCall, known: readonly KnownEdition[] = []): Addition {
  return { tenantId: 't', edition, received: call, next: nextEdition(call, known)!, known, receivedMs: 5 };
}

const first = received({ version: 1, participants: participants(2), sessions: 1 });
const known: KnownEdition = {
  ...{ edition: 1, version: 1n, startTicks: start, headDigest: first.head.digest },
  ...{ participantsDigest: first.participants!.digest, sessionsDigest: undefined },
  ...{ participants: 2, found: 0, isLacking: false },
};
/** Sessions of the same version, which came later. */
const later = { ...first, participants: undefined };
const listed = {
  columns: [1, 2, 1, first.participants!.digest, null],
  blocks: () => first.participants!.value.blocks,
};
const headRow = (call: ReceivedCall) => composeEdition(addition(1, call), nothing).parts.head;

describe('the first edition of a call', () => {
  it('has all that was received, and its participants are found by its start', () => {
    const composed = composeEdition(addition(1, first), nothing);
    expect(composed).toMatchObject({ call: 1, startTicks: start, tally: [1, 1, 2, 0, 0, 1] });
    expect(composed.parts.participants.slice(0, 3)).toEqual([1, 2, 1]);
    expect(composed.indexed).toEqual([{ list: 1, ids: ['participant-0', 'participant-1'], isShared: false }]);
    expect(composed.search).toMatchObject({ edition: 1, participants: 2, sessions: 1, incomplete: false });
  });

  it('is found by nothing and lacks its record where a fragment came alone', () => {
    const fragment = received({ participants: participants(1) });
    const composed = composeEdition(addition(1, fragment), nothing);
    expect([composed.startTicks, composed.search, composed.tally]).toEqual([
      undefined,
      undefined,
      [1, 1, 1, 1, 0, 1],
    ]);
  });
});

describe('an edition that takes over a list', () => {
  const shared = { head: headRow(first), participants: listed, sessions: undefined };

  it('shares it, and makes it found by no other start', () => {
    const composed = composeEdition(addition(2, later, [known]), shared);
    expect(composed.parts.participants[0]).toBe(1);
    expect([composed.call, composed.indexed, composed.tally]).toEqual([1, [], [0, 1, 0, 0, 0, 0]]);
  });

  it('infers from its sessions whom the list lacks', () => {
    const text = JSON.stringify(aRecord('call', { version: 1, sessions: [aSession('s', 'absent')] }));
    const { sessions } = walkCall(new Scanner(Buffer.from(text), 0, undefined, storedRules)).call().call;
    const call = { ...later, sessions };
    const composed = composeEdition(addition(2, call, [known]), shared);
    expect(composed.inferred?.ids).toEqual(['absent']);
    expect(composed.indexed).toEqual([{ list: -2, ids: ['absent'], isShared: false }]);
    expect(composed.tally).toEqual([0, 1, 0, 0, 1, 0]);
  });

  it('reads the blocks that it is composed from, and no others', () => {
    const columns = { head: shared.head, participants: listed.columns, sessions: undefined };
    const { next } = addition(2, later, [known]);
    expect(blocksRead({ received: later, next }, columns)).toEqual({
      ...{ participants: true, sessions: true, segments: true },
    });
    const older = { ...next, isNewest: false, sessions: undefined };
    expect(blocksRead({ received: later, next: older }, columns)).toEqual({
      ...{ participants: false, sessions: false, segments: false },
    });
  });
});
