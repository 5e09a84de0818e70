/** Describes the lists of a call that are stored in blocks, by the name of their navigation property. */
import { participantsPerBlock, sessionsPerBlock } from '../store/received-call.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { CallRecordStore } from '../store/store.ts';
import type { Edition, StoredList } from '../store/edition.ts';

import type { Block } from '../wire/text/block.ts';
import { type StoredType, storedTypes } from '../wire/text/stored-types.ts';

export interface CallList {
  readonly name: 'participants_v2' | 'sessions';
  readonly type: StoredType;
  /** Entities per block, which is also the largest page. */
  readonly perBlock: number;
  /** Returns the list as received; `undefined` when the call arrived without it. */
  readonly received: (edition: Edition) => StoredList | undefined;
  /** Returns the parts of the list in order, without the parts that were not received. */
  readonly parts: (edition: Edition, reconciled: boolean) => readonly ListPart[];
  /** The name of an entity in error messages. */
  readonly entity: string;
}

interface ListReads {
  readonly block: (store: CallRecordStore, edition: Edition, no: number) => Awaitable<Block | undefined>;
  /** Returns the position in its part of the entity with a key. */
  readonly index: (store: CallRecordStore, edition: Edition, key: string) => Awaitable<number | undefined>;
}

export interface ListPart extends ListReads {
  readonly stored: StoredList;
}

const received: ListReads = {
  block: (store, edition, no) => store.participantsBlock(edition, no),
  index: (store, edition, key) => store.participantIndex(edition, key),
};
const inferred: ListReads = {
  block: (store, edition, no) => store.inferredBlock(edition, no),
  index: (store, edition, key) => store.inferredIndex(edition, key),
};
const sessions: ListReads = {
  block: (store, edition, no) => store.sessionsBlock(edition, no),
  index: (store, edition, key) => store.sessionIndex(edition, key),
};

function part(stored: StoredList | undefined, reads: ListReads): readonly ListPart[] {
  return stored === undefined ? [] : [{ stored, block: reads.block, index: reads.index }];
}

export function showsInferred({ name }: CallList, { found }: Edition, reconciled: boolean): boolean {
  return reconciled && name === 'participants_v2' && found !== undefined;
}

export function isMissing({ received }: CallList, edition: Edition): boolean {
  return received(edition) === undefined;
}

export function entityCount(parts: readonly ListPart[]): number {
  return parts.reduce((sum, { stored }) => sum + stored.count, 0);
}

/** Returns the part, and the position in it, of the entity with a number. */
export function partAt(
  parts: readonly ListPart[],
  index: number,
): { readonly part: ListPart; readonly index: number } | undefined {
  let left = index;
  for (const part of parts) {
    if (left < part.stored.count) return { part, index: left };
    left -= part.stored.count;
  }
  return undefined;
}

export const participantsList: CallList = {
  name: 'participants_v2',
  type: storedTypes.participant,
  perBlock: participantsPerBlock,
  received: ({ participants }) => participants,
  parts: ({ participants, found }, reconciled) => [
    ...part(participants, received),
    ...part(reconciled ? found : undefined, inferred),
  ],
  entity: 'participant',
};

export const sessionsList: CallList = {
  name: 'sessions',
  type: storedTypes.session,
  perBlock: sessionsPerBlock,
  received: (edition) => edition.sessions,
  parts: (edition) => part(edition.sessions, sessions),
  entity: 'session',
};

export const callLists: Readonly<Record<string, CallList>> = {
  participants_v2: participantsList,
  sessions: sessionsList,
};
