/**
 * Returns the terms that a call is indexed by: short words of letters and digits, which any inverted index accepts. A
 * term narrows the candidates; where a term is inexact (a hash, a range), the candidate itself is checked.
 */
import { fold, meetingUrl } from '../wire/text/fold.ts';
import type { CallState } from '../contract/call-outcome.ts';
import { type ReasonKind, reasonKinds } from '../contract/failure.ts';
import { externalChoices } from '../contract/affiliation.ts';
import { type UserRating, userRatings } from '../contract/user-rating.ts';
import { type Conditions, externalOf, isInState, type PersonCondition } from './call-search.ts';
import type { PhraseNumber } from './people.ts';
import { hashPair } from './hash64.ts';
import type { FoundCall } from './search.ts';

type Whom = PersonCondition['whom'];

/**
 * Returns the term of a phrase.
 *
 * @param phrase Number of a phrase, assigned by the store.
 */
export function phraseTerm(phrase: PhraseNumber, whom: Whom): string {
  return `${whom === 'anybody' ? 'p' : 'o'}${phrase.toString(36)}`;
}

export function idTerm(id: string, whom: Whom): string {
  return `${whom === 'anybody' ? 'i' : 'u'}${hashOf(id)}`;
}

/**
 * Terms of rare states. Completed calls have none: nearly every call is completed, so a term would not narrow the
 * search.
 */
const stateTerms = {
  ...{ failed: 'sf', poor: 'sp', incomplete: 'si', partlyFailed: 'sa' },
  ...{ notAnswered: 'sn', declined: 'sd', busy: 'sb', canceled: 'sc' },
} as const satisfies Partial<Record<CallState, string>>;
type RareState = keyof typeof stateTerms;
const rareStates = Object.keys(stateTerms) as readonly RareState[];
const isRare = (state: CallState): state is RareState => state in stateTerms;
const reasonTerm = (reason: ReasonKind) => `r${reasonKinds.indexOf(reason).toString(36)}`;
const externalTerm = (choice: (typeof externalChoices)[number]) => `x${externalChoices.indexOf(choice)}`;
const ratingTerm = (rating: UserRating) => `g${userRatings.indexOf(rating)}`;
/** The terms of a person's tenant and domain, in lower case; a hash of 64 bits counts as exact. */
export const tenantTerm = (tenantId: string) => `k${hashOf(tenantId)}`;
export const domainTerm = (domain: string) => `n${hashOf(domain)}`;
const callTerm = (callId: string) => `c${hashOf(fold(callId))}`;
const meetingTerm = (meeting: string) => `j${hashOf(meeting)}`;
const typeTerm = (type: string) => `t${hashOf(type)}`;
const modalityTerm = (modality: string) => `m${hashOf(modality)}`;
const lengthTerm = (bucket: number) => `d${bucket.toString(36)}`;

/** Returns the terms of everything but people. */
export function factTerms(call: Omit<FoundCall, 'call' | 'organizer'>): readonly string[] {
  const { type, modalities, startTicks, endTicks, joinWebUrl, callId } = call;
  const states = rareStates.filter((state) => isInState(call, state));
  return [
    callTerm(callId),
    ...(type === null ? [] : [typeTerm(type)]),
    ...modalities.map(modalityTerm),
    ...(endTicks === undefined ? [] : [lengthTerm(lengthBucket(endTicks - startTicks))]),
    ...(joinWebUrl === null ? [] : [meetingTerm(meetingUrl(joinWebUrl))]),
    ...states.map((state) => stateTerms[state]),
    ...call.reasons.map(reasonTerm),
    externalTerm(externalOf(call)),
    ...call.ratings.map(ratingTerm),
  ];
}

/** Returns groups of terms; a matching call has at least one term of every group. */
export function factGroups(conditions: Conditions): readonly (readonly string[])[] {
  const { type, modality, minTicks, maxTicks, meeting, state, reason } = conditions;
  const { external, tenant, domain, rating } = conditions;
  return [
    ...(type === undefined ? [] : [[typeTerm(type)]]),
    ...(modality === undefined ? [] : [[modalityTerm(modality)]]),
    ...(minTicks === undefined && maxTicks === undefined ? [] : [lengthTerms(minTicks, maxTicks)]),
    ...(meeting === undefined ? [] : [[meetingTerm(meeting)]]),
    ...(state === undefined || !isRare(state) ? [] : [[stateTerms[state]]]),
    ...(reason === undefined ? [] : [[reasonTerm(reason)]]),
    ...(external === undefined ? [] : [[externalTerm(external)]]),
    ...(tenant === undefined ? [] : [[tenantTerm(tenant)]]),
    ...(domain === undefined ? [] : [[domainTerm(domain)]]),
    ...(rating === undefined ? [] : [[ratingTerm(rating)]]),
  ];
}

/** Returns the terms, other than those of people, that meet a condition on people. */
export function otherTerms({ wanted, whom, orCall }: PersonCondition): readonly string[] {
  return [
    ...(wanted.id === undefined ? [] : [idTerm(wanted.id, whom)]),
    ...(orCall === undefined ? [] : [callTerm(orCall.callId), meetingTerm(orCall.meeting)]),
  ];
}

const ticksPerSecond = 10_000_000n;
/** The last bucket holds the longest durations: a year and more. */
const lastBucket = 25;

/** Returns the bucket of a duration: powers of two of a second; durations below a second share one bucket. */
function lengthBucket(ticks: bigint): number {
  const seconds = ticks / ticksPerSecond;
  return seconds < 1n ? 0 : Math.min(lastBucket, seconds.toString(2).length);
}

function lengthTerms(minTicks: bigint | undefined, maxTicks: bigint | undefined): readonly string[] {
  const from = minTicks === undefined ? 0 : lengthBucket(minTicks);
  const to = maxTicks === undefined ? lastBucket : lengthBucket(maxTicks);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => lengthTerm(from + i));
}

function hashOf(text: string): string {
  const [a, b] = hashPair(text);
  return a.toString(36).padStart(7, '0') + b.toString(36);
}
