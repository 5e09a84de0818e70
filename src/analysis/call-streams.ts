/** Lists the media streams of a call, poor ones first, up to a bound. */
import { qualityLimits, readMetric, type Verdict } from '../contract/call-quality.ts';
import type { StreamCounts } from '../contract/quality-words.ts';
import { type NamesByIndex, nameOfEnd } from './quality.ts';
import { type SessionEnd, type SessionMedia, type SessionStream, streamsIn } from './quality-streams.ts';

export interface StreamList {
  readonly streams: readonly CallStream[];
  /** Over all streams of the call. */
  readonly counts: StreamCounts;
  /** False when the list ends at its bound: more streams match. */
  readonly isAll: boolean;
}

export interface CallStream {
  readonly label: string;
  /** The sender and the receiver; in either order where the direction was not reported. */
  readonly from: string;
  readonly to: string;
  readonly hasDirection: boolean;
  readonly verdict: Verdict;
  /** The metrics that rules limit, where they are readable. */
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics beyond their limit. */
  readonly beyond: readonly string[];
}

/** How many streams a list has at most. */
const streamsBound = 2_000;

interface Kept {
  readonly found: Pick<SessionStream, 'label' | 'stream' | 'classification'>;
  readonly from: SessionEnd;
  readonly to: SessionEnd;
  readonly hasDirection: boolean;
}

/** Accumulates the list, session by session. */
export class CallStreams {
  readonly #isPoorOnly: boolean;
  readonly #kept: Record<Verdict, Kept[]> = { poor: [], good: [], unclassified: [] };
  readonly #counts = { good: 0, poor: 0, unclassified: 0 };

  /** @param isPoorOnly True to leave out streams that are not poor. */
  constructor(isPoorOnly: boolean) {
    this.#isPoorOnly = isPoorOnly;
  }

  add(media: SessionMedia): void {
    for (const found of streamsIn(media)) {
      const { verdict } = found.classification;
      this.#counts[verdict]++;
      const kept = this.#kept[verdict];
      if (kept.length >= streamsBound || (this.#isPoorOnly && verdict !== 'poor')) continue;
      const { sender, receiver, label, stream, classification } = found;
      kept.push({
        found: { label, stream, classification },
        from: sender ?? media.caller,
        to: receiver ?? media.callee,
        hasDirection: sender !== undefined,
      });
    }
  }

  result(names: NamesByIndex): StreamList {
    const { poor, good, unclassified } = this.#kept;
    const counts = this.#counts;
    const streams = [...poor, ...good, ...unclassified].slice(0, streamsBound);
    const all = this.#isPoorOnly ? counts.poor : counts.good + counts.poor + counts.unclassified;
    return {
      streams: streams.map((kept) => shown(kept, names)),
      counts,
      isAll: streams.length === all,
    };
  }
}

function shown({ found, from, to, hasDirection }: Kept, names: NamesByIndex): CallStream {
  const { label, stream, classification } = found;
  const metrics = [...qualityLimits.values()].flatMap(({ property, form }) => {
    const value = readMetric(form, stream[property]);
    return value === undefined ? [] : [[property, value] as const];
  });
  return {
    label: typeof label === 'string' ? label : '',
    from: nameOfEnd(from, names),
    to: nameOfEnd(to, names),
    hasDirection,
    verdict: classification.verdict,
    metrics: Object.fromEntries(metrics),
    beyond: classification.breaches.map(({ rule }) => rule.property),
  };
}
