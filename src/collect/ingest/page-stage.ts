/**
 * Holds pages of calls during an import. Saved pages arrive in any order without a version, so they are held until all
 * pages of a call have been read, then added to the stored call.
 */
import { hash } from 'node:crypto';
import { canonicalId } from '../../contract/ids.ts';
import type { CallRecordStore } from '../../store/store.ts';
import type { Edition, StoredList } from '../../store/edition.ts';
import type { Part, ReceivedCall } from '../../store/received-call.ts';
import { stringMember, type MemberText } from '../../wire/text/members.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { listStates, type ListState, type PlacedPage, type PlacedRecord } from './list-states.ts';
import type { ListBuilder } from './list-builder.ts';
import { ParticipantListBuilder } from './participant-list.ts';
import type { ImportProblem } from './problems.ts';
import { fragmentOf, type ListName } from './read-call.ts';
import type { ListPage } from './received.ts';
import type { SourceLine } from './source-lines.ts';
import { storedParticipants, storedSessions } from './stored-entries.ts';
import { SessionListBuilder } from './session-list.ts';

/** Maximum bytes held before they are added to the store; the last line may exceed it. */
const maxHeldBytes = 64 * 2 ** 20;
/** Bytes of an entry besides its text. */
const entryCost = 256;
/** The maximum number of records without lists that are remembered, because pages of these may follow. */
const mostRecords = 100_000;

type HeldPage = ListPage & PlacedPage;

/** What the pages of a call added to the store. */
interface StoredPages {
  readonly call: ReceivedCall;
  /** The file and line of the first page. */
  readonly where: Pick<ImportProblem, 'file' | 'line'>;
}

export class PageStage {
  readonly #pages = new Map<string, HeldPage[]>();
  readonly #records = new Map<string, PlacedRecord[]>();
  #recordCount = 0;
  #heldBytes = 0;
  /** The page whose further pieces follow. */
  #open: HeldPage | undefined;

  get isFull(): boolean {
    return this.#heldBytes > maxHeldBytes;
  }

  hold(page: ListPage, line: SourceLine): void {
    const held = { ...page, ...placeOf(line), contents: contentsOf(page), count: page.entries.length };
    const callId = canonicalId(page.callId);
    const pages = this.#pages.get(callId);
    if (pages === undefined) this.#pages.set(callId, [held]);
    else if (line.piece !== undefined && this.#open !== undefined && pages.at(-1) === this.#open)
      pages[pages.length - 1] = joined(this.#open, held);
    else pages.push(held);
    this.#open = line.piece === 'more' ? this.#pages.get(callId)?.at(-1) : undefined;
    this.#heldBytes += page.entries.length * entryCost;
  }

  /** Counts a line whose pages are held: their entries are views that keep the whole line in memory. */
  retain(line: { readonly length: number }): void {
    this.#heldBytes += line.length;
  }

  /** Remembers a record whose lists may be in separate pages. */
  note({ callId, version, participants, sessions }: ReceivedCall, line: SourceLine): void {
    if (participants?.value.complete === true && sessions?.value.complete === true) return;
    if (this.#recordCount++ >= mostRecords) return;
    const record = { ...placeOf(line), version };
    const key = canonicalId(callId);
    const records = this.#records.get(key);
    if (records === undefined) this.#records.set(key, [record]);
    else records.push(record);
  }

  /** Adds the held pages to the store. */
  async *flush(tenantId: string, store: CallRecordStore): AsyncGenerator<StoredPages> {
    for (const [callId, pages] of this.#pages) {
      const records = this.#records.get(callId) ?? [];
      const of = (kind: ListName) =>
        listStates(
          pages.filter((page) => page.kind === kind),
          records,
        );
      for (const states of paired(of('participants_v2'), of('sessions'))) {
        const call = await this.#add(tenantId, store, callId, states);
        const { file, line } = (states.participants ?? states.sessions)!.pages[0]!; // a state has pages
        yield { call, where: { file, line } };
      }
    }
    this.#pages.clear();
    this.#open = undefined;
    this.#heldBytes = 0;
  }

  /** Adds a state to the store. @returns What was added, without parts when the pages have nothing new. */
  async #add(
    tenantId: string,
    store: CallRecordStore,
    callId: string,
    { version, participants, sessions }: PairedStates,
  ): Promise<ReceivedCall> {
    const edition = await storedEdition(tenantId, store, callId, version);
    const isNew = async (part: { digest: string }) => !(await store.hasList(tenantId, callId, part.digest));
    const added = <T>(
      state: ListState<HeldPage> | undefined,
      createBuilder: () => ListBuilder<T>,
      known: StoredList | undefined,
      storedEntries: typeof storedSessions,
    ) => {
      const stored = edition && known && { ...known, entries: storedEntries(edition, store) };
      return state && merge(state, createBuilder, stored, isNew);
    };
    const parts = [
      await added(
        participants,
        () => new ParticipantListBuilder(),
        edition?.participants,
        storedParticipants,
      ),
      await added(sessions, () => new SessionListBuilder(), edition?.sessions, storedSessions),
    ] as const;
    const { file, line } = (participants ?? sessions)!.pages[0]!; // a state has pages
    const fragment = fragmentOf(callId, ...parts);
    const call = { ...fragment, version, isFragment: true, origin: `import ${file}:${line}` };
    if (parts.some((part) => part !== undefined)) await store.add(tenantId, [call]);
    return call;
  }
}

interface PairedStates {
  readonly version: bigint | undefined;
  readonly participants: ListState<HeldPage> | undefined;
  readonly sessions: ListState<HeldPage> | undefined;
}

/** Pairs the lists of one version, in the order of their states. */
function* paired(
  participants: readonly ListState<HeldPage>[],
  sessions: readonly ListState<HeldPage>[],
): Generator<PairedStates> {
  const left = [...sessions];
  for (const state of participants) {
    const at = left.findIndex(({ version }) => version === state.version);
    const [other] = at < 0 ? [] : left.splice(at, 1);
    yield { version: state.version, participants: state, sessions: other };
  }
  for (const state of left) yield { version: state.version, participants: undefined, sessions: state };
}

/** Returns the stored edition of a version of the call, or the newest when the version is unknown. */
async function storedEdition(
  tenantId: string,
  store: CallRecordStore,
  callId: string,
  version: bigint | undefined,
): Promise<Edition | undefined> {
  if (version === undefined) return await store.edition(tenantId, callId);
  const editions = await store.evidence.editions(tenantId, callId);
  return editions.findLast((edition) => edition.version === version);
}

/** Merges the pages with the stored list. @returns `undefined` when the pages have nothing new. */
async function merge<T>(
  { pages, complete }: ListState<HeldPage>,
  createBuilder: () => ListBuilder<T>,
  stored: { complete: boolean; entries: AsyncGenerator<Buffer> } | undefined,
  isNew: (part: Part<T>) => Promise<boolean>,
): Promise<Part<T> | undefined> {
  const entries = pages.flatMap((page) => page.entries);
  const alone = createBuilder();
  for (const entry of entries) alone.take(entry);
  const list = alone.finish(complete);
  if (list === undefined || stored === undefined) return list;
  if (!(await isNew(list))) return undefined;
  const merged = createBuilder();
  let first: Buffer | undefined;
  for await (const entry of stored.entries) {
    first ??= entry;
    merged.takeStored(entry);
  }
  const before = merged.count;
  for (const entry of entries) merged.take(entry);
  if (stored.complete && merged.count === before) return undefined; // the pages repeat what is stored
  if (merged.count === alone.count) return list; // and have all of it
  // A complete list next to a complete stored one is another state of it; so is one with the same beginning.
  if (complete && (stored.complete || first === undefined || holdsId(entries, first))) return list;
  return merged.finish(complete || stored.complete);
}

/** Returns true when one of the entries has the same id as another. */
function holdsId(entries: readonly Buffer[], other: Buffer): boolean {
  const id = idOf(other);
  return id !== undefined && id !== '' && entries.some((entry) => idOf(entry) === id);
}

function idOf(entry: Buffer): string | undefined {
  const collected: MemberText[] = [];
  try {
    new Scanner(entry).object(undefined, collected);
  } catch (error) {
    if (!(error instanceof TextError)) throw error;
    return undefined; // not an object, or too deep: it cannot be found by id
  }
  return canonicalId(stringMember(entry, collected, 'id') ?? '');
}

function placeOf({ source, number }: SourceLine) {
  return { file: source.name, line: number, timeMs: source.timeMs };
}

function contentsOf({ entries, nextLink }: ListPage): string {
  return hash('sha256', Buffer.concat([...entries, Buffer.from(`\n${nextLink ?? ''}`)]), 'base64url');
}

/** Joins a page with a further piece of it. */
function joined(page: HeldPage, piece: HeldPage): HeldPage {
  const { last, nextLink } = piece;
  return {
    ...page,
    ...{ last, nextLink, entries: [...page.entries, ...piece.entries] },
    ...{ contents: page.contents + piece.contents, count: page.count + piece.count },
  };
}
