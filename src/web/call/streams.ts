/** Media streams of sessions, with what they are judged by. */
import { judgeStream, metricOf, type Verdict } from '../../model/call-quality.ts';
import type { Session } from './records.ts';

export interface Stream {
  readonly id: string;
  /** Of the media that the stream is of: `main-audio`. */
  readonly label: string;
  /** Who sent it, and to whom; the service where nobody is named. */
  readonly from: string;
  readonly to: string;
  readonly verdict: Verdict;
  readonly metrics: Readonly<Record<string, number>>;
  readonly startDateTime: string | undefined;
}

/** What is shown of each stream, in this order; durations are in seconds, rates from 0 to 1. */
export const shownMetrics = [
  'averageRoundTripTime',
  'averageJitter',
  'averagePacketLossRate',
  'averageVideoFrameLossPercentage',
  'averageVideoFrameRate',
  'postForwardErrorCorrectionPacketLossRate',
] as const;

const service = 'Service';

export function streamsOf(
  session: Session,
  caller: string | undefined,
  callee: string | undefined,
): readonly Stream[] {
  const streams: Stream[] = [];
  for (const segment of session.segments ?? []) {
    for (const media of segment.media ?? []) {
      for (const stream of media.streams ?? []) {
        const ends = [caller ?? service, callee ?? service];
        const [from, to] = stream['streamDirection'] === 'calleeToCaller' ? ends.toReversed() : ends;
        const metrics = shownMetrics.flatMap((name) => {
          const value = metricOf(stream[name]);
          return value === undefined ? [] : [[name, value] as const];
        });
        streams.push({
          id: `${segment.id} ${streams.length}`,
          label: media.label ?? '',
          from: from!, // there are two ends
          to: to!,
          verdict: judgeStream(media.label, stream),
          metrics: Object.fromEntries(metrics),
          startDateTime: segment.startDateTime ?? session.startDateTime ?? undefined,
        });
      }
    }
  }
  return streams;
}
