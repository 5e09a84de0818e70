/** Participants as they are walked, to blocks. */
import { hash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Part, type ParticipantList, participantsPerBlock } from '../store/store.ts';
import { type Block, BlockBuilder } from '../text/block.ts';
import { type EntityText, entityText, storedRules } from '../text/entity.ts';
import { type MemberText, Scanner, TextError } from '../text/scanner.ts';
import { storedTypes } from '../text/stored-types.ts';
import { requiredId } from '../text/members.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { maxEntries } from './limits.ts';

/**
 * Where a list is from. One that upstream sends is kept as it comes, entries that stand twice among them; but those
 * that a Rollcall found in the sessions and put after it are no part of what was received: they are found again here.
 * In a file, an entry that stands twice is a mistake.
 */
export type ListSource = 'file' | 'upstream';

const foundMark = '@rollcall.source';

export class ParticipantListBuilder {
  readonly #builder = new BlockBuilder();
  readonly #blocks: Block[] = [];
  readonly #digests: string[] = [];
  readonly #ids: string[] = [];
  readonly #checks: number[] = [];
  readonly #held = new HeldParticipants();
  readonly #source: ListSource;
  #received = false;

  constructor(source: ListSource = 'file') {
    this.#source = source;
  }

  get count(): number {
    return this.#ids.length;
  }

  /** Walks the value of `participants_v2`; null means that none were received. */
  walk(scanner: Scanner): boolean {
    if (scanner.peek() === 0x6e) return scanner.value(undefined);
    if (scanner.peek() !== 0x5b)
      throw new TextError('Wrong type: participants_v2 is not a list.', 'notWanted');
    this.#received = true;
    return scanner.array(() => {
      if (!this.#walkOne(scanner))
        throw new TextError('A participant stands twice in the list.', 'notWanted');
    });
  }

  /** Adds an entry unless the list holds it already. */
  take(entry: Buffer): void {
    this.#walkOne(new Scanner(entry, 0, undefined, storedRules));
  }

  /** @returns false when the list already holds this participant: the same id, and the same identity behind it */
  #walkOne(scanner: Scanner): boolean {
    this.#received = true;
    scanner.peek();
    const spacedAround = scanner.spaced;
    scanner.spaced = false;
    const collected: MemberText[] = [];
    const walked = { start: scanner.pos, collected, editsBefore: scanner.edits.length };
    scanner.object(storedTypes.participant.members, collected);
    const text = entityText(scanner, storedTypes.participant, { ...walked, spaced: scanner.spaced });
    scanner.edits.length = walked.editsBefore;
    scanner.spaced = spacedAround; // what is between the entries is not stored
    if (this.#source === 'upstream' && collected.some(({ name }) => name === foundMark)) return true;
    const id = requiredId(scanner.bytes, collected, 'participant');
    return this.#add(id, text);
  }

  #add(id: string, text: EntityText): boolean {
    if (this.#source === 'file' && !this.#held.add(id, text)) return false;
    if (this.#ids.length >= maxEntries)
      throw new TextError(`A call lists more than ${maxEntries} participants.`, 'notWanted');
    this.#builder.add(text);
    this.#ids.push(id);
    this.#checks.push(crc32(text.bytes.subarray(text.start, text.end)));
    if (this.#builder.count === participantsPerBlock) this.#finishBlock();
    return true;
  }

  /** @param pages Pages followed, where known. */
  finish(complete: boolean, pages?: number): Part<ParticipantList> | undefined {
    if (!this.#received) return undefined;
    if (this.#builder.count > 0) this.#finishBlock();
    const digest = hash('sha256', [...this.#digests, complete ? 'complete' : 'more'].join(), 'base64url');
    return { digest, value: { blocks: this.#blocks, ids: this.#ids, checks: this.#checks, complete, pages } };
  }

  #finishBlock(): void {
    const { block, digest } = this.#builder.finish();
    this.#blocks.push(block);
    this.#digests.push(digest);
  }
}

/**
 * The participants already in a list. A list may have a million, and an id seldom stands in it twice: the identities are
 * kept as text, and read when an id does.
 */
class HeldParticipants {
  /** Of each id, which of the participants had it first. */
  readonly #first = new Map<string, number>();
  readonly #identities = new GrowingBytes();
  /** Where the identity of each participant that was the first with its id ends. */
  readonly #ends: number[] = [];
  /** Ids that stand in the list several times, each with every identity behind it. */
  readonly #repeated = new Map<string, Set<string>>();

  /** @returns false when this participant is there: the same id, and the same identity behind it */
  add(id: string, { bytes, start, ends }: EntityText): boolean {
    const identity = bytes.subarray(start + ends[1]! + 1, start + ends[2]!);
    const first = this.#first.get(id);
    if (first === undefined) {
      this.#first.set(id, this.#ends.length);
      this.#identities.append(identity);
      this.#ends.push(this.#identities.length);
      return true;
    }
    let known = this.#repeated.get(id);
    if (known === undefined) {
      const from = first === 0 ? 0 : this.#ends[first - 1]!;
      known = new Set([identityIds(this.#identities.subarray(from, this.#ends[first]!))]);
      this.#repeated.set(id, known);
    }
    const ids = identityIds(identity);
    if (known.has(ids)) return false;
    known.add(ids);
    return true;
  }
}

/** The ids in a participant's identity set, by kind: they distinguish two participants with one id. */
function identityIds(region: Buffer): string {
  if (region.length === 0) return '';
  // The scanner has walked it as JSON, and `identity` as an object or null.
  const { identity } = JSON.parse(`{${region.toString()}}`) as { identity: Record<string, unknown> | null };
  const ids = Object.entries(identity ?? {}).map(([kind, value]) =>
    typeof value === 'object' && value !== null && 'id' in value ? [kind, value.id] : [],
  );
  return JSON.stringify(ids.filter((pair) => pair.length > 0));
}
