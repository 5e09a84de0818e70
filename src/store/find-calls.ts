/**
 * Finds calls through an index: the index returns candidates, and each candidate is checked exactly.
 *
 * The work for one page is bounded. When the limit is reached first, the page is short and has a position to continue
 * at.
 */
import type { CallFacts } from './call-facts.ts';
import { type EntryReader, entryBlocks } from './call-entries.ts';
import {
  type Conditions,
  conditionsOf,
  isThatCall,
  meetsFacts,
  type PersonCondition,
} from './call-search.ts';
import { matchesPerson, personOf, type PersonQuery, type PhraseNumber } from './people.ts';
import type { CallSearch, FoundCall, FoundPage } from './search.ts';
import { factGroups, otherTerms, phraseTerm } from './search-terms.ts';
import type { Awaitable } from '../base/awaitable.ts';
import type { CallPosition } from './call-list.ts';
import { unlessDamagedLater } from './store-errors.ts';
import { PairFinder, type PairQuery } from './two-people.ts';

export interface Candidate extends Pick<CallFacts, 'organizerEntry'> {
  readonly call: FoundCall;
}

/** The part of a store's search index that belongs to a tenant. */
export interface SearchIndex<C extends Candidate> {
  /**
   * Returns the numbers of the phrases that match a person query.
   *
   * @returns `undefined` when there are more than the limit, or the lookup would take too long.
   */
  phrases(wanted: PersonQuery, limit: number): Awaitable<readonly PhraseNumber[] | undefined>;
  /**
   * Returns the newest calls after a position that have at least one term of every group.
   *
   * @returns At least as many as the limit, unless there are no more.
   */
  candidates(
    groups: readonly (readonly string[])[],
    span: Pick<Conditions, 'from' | 'before'>,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<readonly C[]>;
  /** Returns, for each call, whether a matching person is in it. */
  having(calls: readonly C[], wanted: PersonQuery): Awaitable<readonly boolean[]>;
}

/** Bounds the work for one page. */
export interface SearchLimits {
  /** Above this number, phrases are not looked up one by one: so many people are found soon by walking the calls. */
  readonly phrases: number;
  /** Candidates that are checked for one page, at most. */
  readonly asked: number;
  /** Calls whose participants are read together, where each must be checked. */
  readonly askedAtOnce: number;
  /** Blocks of participants that are read for one page, at most, to check that two people are different ones. */
  readonly readBlocks: number;
}

export const usualLimits: SearchLimits = { phrases: 1000, asked: 2000, askedAtOnce: 250, readBlocks: 1000 };

/** The part of a store that belongs to a tenant. */
interface SearchedTenant<C extends Candidate> {
  readonly tenantId: string;
  readonly index: SearchIndex<C>;
  readonly entries: EntryReader;
}

export async function findCalls<C extends Candidate>(
  { tenantId, index, entries }: SearchedTenant<C>,
  search: CallSearch,
  after: CallPosition | undefined,
  limit: number,
  limits: SearchLimits,
): Promise<FoundPage> {
  const conditions = conditionsOf(search);
  const groups = [...factGroups(conditions)];
  const asked: PersonCondition[] = [];
  for (const condition of conditions.people) {
    const phrases = await index.phrases(condition.wanted, limits.phrases);
    if (phrases === undefined) asked.push(condition);
    else groups.push([...phrases.map((one) => phraseTerm(one, condition.whom)), ...otherTerms(condition)]);
  }
  if (groups.some((group) => group.length === 0)) return nothing;
  const { pair } = conditions;
  const pairs = pair && new PairCheck(entries, tenantId, pair, limits.readBlocks);
  const calls: FoundCall[] = [];
  let seek = after;
  for (let left = limits.asked; left > 0;) {
    const size = Math.min(
      left,
      Math.max(limit + 1 - calls.length, asked.length > 0 ? limits.askedAtOnce : 0),
    );
    const candidates = await index.candidates(groups, conditions, seek, size);
    for (const candidate of await met(index, candidates, conditions, asked)) {
      if (calls.length === limit) return { calls, next: positionOf(calls.at(-1)!) };
      if (pairs?.isExhausted === true) return { calls, next: seek };
      if (pairs === undefined || (await pairs.isMet(candidate))) calls.push(candidate.call);
      seek = positionOf(candidate.call);
    }
    if (candidates.length < size) return { calls, next: undefined };
    seek = positionOf(candidates.at(-1)!.call);
    left -= candidates.length;
  }
  return { calls, next: seek };
}

const nothing: FoundPage = { calls: [], next: undefined };

async function met<C extends Candidate>(
  index: SearchIndex<C>,
  candidates: readonly C[],
  conditions: Conditions,
  asked: readonly PersonCondition[],
): Promise<readonly C[]> {
  let left = candidates.filter(({ call }) => meetsFacts(call, conditions));
  for (const { wanted, whom, orCall } of asked) {
    const isKnown = left.map(
      ({ call, organizerEntry }) =>
        (orCall !== undefined && isThatCall(call, orCall)) ||
        (whom === 'organizer' && matchesPerson(personOf(organizerEntry), wanted)),
    );
    const isHad = whom === 'organizer' ? [] : await index.having(left, wanted);
    left = left.filter((_, i) => isKnown[i] === true || isHad[i] === true);
  }
  return left;
}

/** Checks that two different people meet two conditions, from the participants of each call. */
class PairCheck {
  readonly #entries: EntryReader;
  readonly #tenantId: string;
  readonly #pair: PairQuery;
  #blocksLeft: number;

  constructor(entries: EntryReader, tenantId: string, pair: PairQuery, blocks: number) {
    this.#entries = entries;
    this.#tenantId = tenantId;
    this.#pair = pair;
    this.#blocksLeft = blocks;
  }

  /** True when no further call is checked for this page. */
  get isExhausted(): boolean {
    return this.#blocksLeft <= 0;
  }

  /** Checks a call that meets each condition; a damaged one counts as meeting both. */
  async isMet({ call, organizerEntry }: Candidate): Promise<boolean> {
    const finder = new PairFinder(this.#pair);
    finder.add(personOf(organizerEntry));
    const isFound = await unlessDamagedLater(async () => {
      const edition = await this.#entries.edition(this.#tenantId, call.callId);
      if (edition === undefined) return false; // deleted meanwhile
      for await (const block of entryBlocks(this.#entries, edition)) {
        this.#blocksLeft--;
        for (const entry of block.entries) finder.add(personOf(entry));
        if (finder.isFound) break;
      }
      return finder.isFound;
    });
    return isFound ?? true;
  }
}

function positionOf({ startTicks, call }: FoundCall): CallPosition {
  return { startTicks, call };
}
