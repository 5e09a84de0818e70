/** Decides for each person of a call how their media were: what they sent, and what they received. */
import { type Breach, excessOf, type MediaKind, mediaKind, type Verdict } from '../contract/call-quality.ts';
import {
  noMediaSentence,
  notPoorSentence,
  type PersonVerdict,
  otherEnds,
  poorSentence,
  type StreamCounts,
  type StreamWay,
  withoutSegmentsSentence,
} from '../contract/quality-words.ts';
import { userRatings } from '../contract/user-rating.ts';
import {
  objectOf,
  objectsIn,
  type SessionEnd,
  type SessionMedia,
  type SessionStream,
  streamsIn,
} from './quality-streams.ts';

/** How the media of a person were. */
export interface PersonQuality {
  /** The position on the roll. */
  readonly index: number;
  readonly name: string;
  /** `poor` when a stream in either direction was; `noMedia` when nothing is known. */
  readonly verdict: PersonVerdict;
  readonly sentence: string;
  /** The worst rating that the person gave; null when none. */
  readonly rating: string | null;
  readonly streams: StreamCounts;
  /** What others heard and saw from the person. */
  readonly sent: WayQuality;
  /** What the person heard and saw. */
  readonly received: WayQuality;
  /** The metric that decided; null unless the verdict is `poor`. */
  readonly decidedBy: DecidingMetric | null;
}

export interface WayQuality {
  readonly verdict: PersonVerdict;
  /** Absent when the verdict is `noMedia`. */
  readonly sentence: string | null;
  readonly streams: StreamCounts;
}

interface DecidingMetric {
  readonly metric: string;
  readonly value: number;
  readonly threshold: number;
  readonly label: string;
  readonly direction: StreamWay;
  readonly streamId: string | null;
}

/** A poor stream, with the metric that is furthest beyond its limit. */
interface PoorStream {
  readonly kind: MediaKind;
  readonly label: string;
  readonly way: StreamWay;
  readonly other: SessionEnd;
  readonly streamId: string | null;
  readonly breach: Breach;
  readonly excess: number;
}

interface WayTally {
  readonly counts: Record<Verdict, number>;
  worst: PoorStream | undefined;
}

interface PersonTally {
  readonly all: WayTally;
  readonly ways: Readonly<Record<StreamWay, WayTally>>;
  sessions: number;
  /** Sessions whose segments were not received. */
  unread: number;
  rating: string | null;
}

/** Accumulates the quality of a call, session by session. */
export class QualityTally {
  readonly #people = new Map<number, PersonTally>();

  /** Adds a session to the people at its ends. @param of The only person to count; everybody when absent. */
  add(media: SessionMedia, of?: number): void {
    const { session, segments, caller, callee } = media;
    const isWanted = (end: SessionEnd | undefined): end is number =>
      typeof end === 'number' && (of === undefined || of === end);
    for (const end of new Set([caller, callee])) {
      if (!isWanted(end)) continue;
      const person = this.#personOf(end);
      person.sessions++;
      if (!Array.isArray(segments)) person.unread++;
    }
    for (const holder of [session, ...objectsIn(segments)]) {
      if (isWanted(caller)) this.#rate(caller, holder['caller']);
      if (isWanted(callee)) this.#rate(callee, holder['callee']);
    }
    // The other end by end: a session may have the same person at both.
    const others = new Map([
      [callee, caller],
      [caller, callee],
    ]);
    for (const stream of streamsIn(media))
      for (const [end, other] of others) if (isWanted(end)) this.#count(end, other, stream);
  }

  /** Returns the quality of a person. @param hasSessions False when the call's list of sessions was not received. */
  qualityOf(index: number, names: NamesByIndex, hasSessions: boolean): PersonQuality {
    const name = names(index);
    const { all, ways, sessions, unread, rating } = this.#people.get(index) ?? newPerson();
    const verdict = verdictOf(all);
    const noMedia = () => {
      if (!hasSessions) return noMediaSentence(name, 'sessionsMissing');
      if (sessions === 0) return noMediaSentence(name, 'noSession');
      return noMediaSentence(name, unread === sessions ? 'segmentsMissing' : 'noStreams');
    };
    const own = sentenceOf(name, all, names) ?? noMedia();
    return {
      index,
      name,
      verdict,
      sentence: verdict === 'noMedia' ? own : `${own} ${withoutSegmentsSentence(unread)}`.trimEnd(),
      rating,
      streams: all.counts,
      sent: wayQuality(name, ways.sent, names),
      received: wayQuality(name, ways.received, names),
      decidedBy: all.worst === undefined ? null : decidingMetric(all.worst),
    };
  }

  #personOf(index: number): PersonTally {
    let person = this.#people.get(index);
    if (person === undefined) this.#people.set(index, (person = newPerson()));
    return person;
  }

  #rate(index: number, endpoint: unknown): void {
    const rating = ratingOf(objectOf(objectOf(endpoint)?.['feedback'])?.['rating']);
    if (rating === undefined) return;
    const person = this.#personOf(index);
    if (person.rating === null || rank(rating) < rank(person.rating)) person.rating = rating;
  }

  #count(index: number, other: SessionEnd, stream: SessionStream): void {
    const { all, ways } = this.#personOf(index);
    const own = waysOf(index, stream);
    for (const way of own) countStream(ways[way], poorStream(way, other, stream), stream);
    countStream(all, poorStream(own[0]!, other, stream), stream); // a stream has a way
  }
}

export type NamesByIndex = (index: number) => string;

/** Returns a rating that was given; `undefined` for `notRated` and what is no rating. */
export function ratingOf(received: unknown): string | undefined {
  return typeof received === 'string' && received !== '' && received !== 'notRated' ? received : undefined;
}

export function nameOfEnd(end: SessionEnd, names: NamesByIndex): string {
  return typeof end === 'number' ? names(end) : otherEnds[end];
}

/** Ratings from the worst; unknown ones come last, because nothing says how bad they are. */
function rank(rating: string): number {
  const at = userRatings.findIndex((one) => one === rating);
  return at < 0 ? userRatings.length : at;
}

/** Returns the ways of a stream as seen from a person at one of its ends, or at both. */
function waysOf(index: number, { sender, receiver }: SessionStream): readonly StreamWay[] {
  if (sender === undefined) return ['unknown'];
  const ways: StreamWay[] = sender === index ? ['sent'] : [];
  return receiver === index ? [...ways, 'received'] : ways;
}

function countStream(tally: WayTally, poor: PoorStream | undefined, { classification }: SessionStream): void {
  tally.counts[classification.verdict]++;
  if (poor !== undefined && poor.excess > (tally.worst?.excess ?? 0)) tally.worst = poor;
}

function newPerson(): PersonTally {
  return {
    all: newWay(),
    ways: { sent: newWay(), received: newWay(), unknown: newWay() },
    sessions: 0,
    unread: 0,
    rating: null,
  };
}

function newWay(): WayTally {
  return { counts: { good: 0, poor: 0, unclassified: 0 }, worst: undefined };
}

function poorStream(
  way: StreamWay,
  other: SessionEnd,
  { label, stream, classification }: SessionStream,
): PoorStream | undefined {
  const kind = mediaKind(label);
  const [breach] = classification.breaches.toSorted((a, b) => excessOf(b) - excessOf(a));
  if (kind === undefined || breach === undefined) return undefined;
  const { streamId } = stream;
  return {
    ...{ kind, way, other, breach },
    label: String(label),
    streamId: typeof streamId === 'string' ? streamId : null,
    excess: excessOf(breach),
  };
}

function verdictOf({ counts }: WayTally): PersonVerdict {
  if (counts.poor > 0) return 'poor';
  if (counts.good > 0) return 'good';
  return counts.unclassified > 0 ? 'unclassified' : 'noMedia';
}

function sentenceOf(name: string, { counts, worst }: WayTally, names: NamesByIndex): string | undefined {
  if (worst !== undefined) {
    const { kind, way, breach, other } = worst;
    return poorSentence({ name, kind, way, breach, other: nameOfEnd(other, names) });
  }
  return counts.good + counts.unclassified === 0 ? undefined : notPoorSentence(name, counts);
}

function wayQuality(name: string, tally: WayTally, names: NamesByIndex): WayQuality {
  return {
    verdict: verdictOf(tally),
    sentence: sentenceOf(name, tally, names) ?? null,
    streams: tally.counts,
  };
}

function decidingMetric({ breach: { rule, value }, label, way, streamId }: PoorStream): DecidingMetric {
  const threshold = rule.above ?? rule.below ?? 0;
  return { metric: rule.property, value, threshold, label, direction: way, streamId };
}
