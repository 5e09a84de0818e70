/** Lists the media streams of sessions with their quality. */
import { classifyStream, metricOf, poorMetrics, type Verdict } from '../../contract/call-quality.ts';
import { mediaMessages } from '../messages/en.ts';
import { metricNames } from './metrics.ts';
import type { RecordSession } from '../../analysis/records.ts';

export interface Stream {
  readonly id: string;
  /** The label of the stream's media: `main-audio`. */
  readonly label: string;
  /** The sender and the receiver; the service when neither is a person. */
  readonly from: string;
  readonly to: string;
  readonly verdict: Verdict;
  readonly metrics: Readonly<Record<string, number>>;
  /** Metrics that make it poor. */
  readonly poorBy: readonly string[];
}

export function streamsOf(
  session: RecordSession,
  caller: string | undefined,
  callee: string | undefined,
): readonly Stream[] {
  const streams: Stream[] = [];
  for (const segment of session.segments ?? []) {
    for (const media of segment.media ?? []) {
      for (const stream of media.streams ?? []) {
        const ends = [caller ?? mediaMessages.service, callee ?? mediaMessages.service];
        const [from, to] = stream['streamDirection'] === 'calleeToCaller' ? ends.toReversed() : ends;
        const metrics = metricNames.flatMap(({ property }) => {
          const value = metricOf(stream[property]);
          return value === undefined ? [] : [[property, value] as const];
        });
        streams.push({
          id: `${segment.id} ${streams.length}`,
          label: media.label ?? '',
          from: from!, // there are two ends
          to: to!,
          verdict: classifyStream(media.label, stream),
          metrics: Object.fromEntries(metrics),
          poorBy: poorMetrics(media.label, stream),
        });
      }
    }
  }
  return streams;
}
