/**
 * Finds calls by an index: it narrows, and what it gives is asked itself. The work of one page is bounded; where it ends
 * before the page is full, the page is short and says where to go on.
 */
import type { CallFacts } from './call-facts.ts';
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

export interface Candidate extends Pick<CallFacts, 'organizerEntry'> {
  readonly call: FoundCall;
}

/** A tenant's part of a store's index. */
export interface SearchIndex<C extends Candidate> {
  /**
   * Numbers of phrases of who is wanted.
   *
   * @returns `undefined` when there are more than the limit, or telling would take too long.
   */
  phrases(wanted: PersonQuery, limit: number): Awaitable<readonly PhraseNumber[] | undefined>;
  /**
   * The newest calls after a position, of which each has a term of every group.
   *
   * @returns At least as many as the limit, unless there are no more.
   */
  candidates(
    groups: readonly (readonly string[])[],
    span: Pick<Conditions, 'from' | 'before'>,
    after: CallPosition | undefined,
    limit: number,
  ): Awaitable<readonly C[]>;
  /** Returns for each call whether a wanted person is in it. */
  having(calls: readonly C[], wanted: PersonQuery): Awaitable<readonly boolean[]>;
}

/** How much one page may take. */
export interface SearchLimits {
  /** More phrases than these are not looked up one by one: so many people are met soon on the way through the calls. */
  readonly phrases: number;
  /** Calls that are asked for one page, at most. */
  readonly asked: number;
  /** Calls that are read at once where each is to be asked who is in it. */
  readonly askedAtOnce: number;
}

export const usualLimits: SearchLimits = { phrases: 1000, asked: 2000, askedAtOnce: 250 };

export async function findCalls<C extends Candidate>(
  index: SearchIndex<C>,
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
  const calls: FoundCall[] = [];
  let seek = after;
  for (let left = limits.asked; left > 0;) {
    const size = Math.min(
      left,
      Math.max(limit + 1 - calls.length, asked.length > 0 ? limits.askedAtOnce : 0),
    );
    const candidates = await index.candidates(groups, conditions, seek, size);
    for (const call of await met(index, candidates, conditions, asked)) {
      if (calls.length === limit) return { calls, next: positionOf(calls.at(-1)!) };
      calls.push(call);
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
): Promise<readonly FoundCall[]> {
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
  return left.map(({ call }) => call);
}

function positionOf({ startTicks, call }: FoundCall): CallPosition {
  return { startTicks, call };
}
