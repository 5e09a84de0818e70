/** The lists of a call that are stored in blocks, by the name of their navigation property. */
import { participantsPerBlock, sessionsPerBlock } from '../store/store.ts';
import type { Awaitable, CallRecordStore, Edition, StoredList } from '../store/store.ts';
import type { Block } from '../text/block.ts';
import { type StoredType, storedTypes } from '../text/stored-types.ts';

export interface CallList {
  readonly name: 'participants_v2' | 'sessions';
  readonly type: StoredType;
  /** Entities in a block, which is the largest page. */
  readonly perBlock: number;
  readonly of: (edition: Edition) => StoredList | undefined;
  readonly block: (store: CallRecordStore, edition: Edition, no: number) => Awaitable<Block | undefined>;
  /** Place in the list of the entity with a key. */
  readonly index: (store: CallRecordStore, edition: Edition, key: string) => Awaitable<number | undefined>;
  /** What an entity is called in a refusal. */
  readonly entity: string;
}

export const participantsList: CallList = {
  name: 'participants_v2',
  type: storedTypes.participant,
  perBlock: participantsPerBlock,
  of: (edition) => edition.participants,
  block: (store, edition, no) => store.participantsBlock(edition, no),
  index: (store, edition, key) => store.participantIndex(edition, key),
  entity: 'participant',
};

export const sessionsList: CallList = {
  name: 'sessions',
  type: storedTypes.session,
  perBlock: sessionsPerBlock,
  of: (edition) => edition.sessions,
  block: (store, edition, no) => store.sessionsBlock(edition, no),
  index: (store, edition, key) => store.sessionIndex(edition, key),
  entity: 'session',
};

export const callLists: Readonly<Record<string, CallList>> = {
  participants_v2: participantsList,
  sessions: sessionsList,
};
