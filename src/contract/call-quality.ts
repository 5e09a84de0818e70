/**
 * When media were poor, by what Microsoft's own dashboard calls a poor stream. One table: what is told of a call, and
 * what a page shows of a stream, are the same.
 *
 * @see https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard (docs/search.md says
 *   which copies of it were read)
 */

/** A metric of a `mediaStream` and where it becomes poor. Durations are in seconds, rates from 0 to 1. */
export interface QualityRule {
  readonly property: string;
  /** Poor above this… */
  readonly above?: number;
  /** …or below that. */
  readonly below?: number;
  /** Place among those of which the first that is there decides alone. */
  readonly rank?: number;
}

/** An audio stream is poor by any of these, unless too few packets were sent to tell. */
export const audioRules: readonly QualityRule[] = [
  { property: 'averageRoundTripTime', above: 0.5 },
  { property: 'averagePacketLossRate', above: 0.1 },
  { property: 'averageJitter', above: 0.03 },
];
/** So many and fewer. */
export const tooFewPackets = 500;

/** A stream of pictures is judged by the first of these that is there. */
export const videoRules: readonly QualityRule[] = [
  { property: 'averageVideoFrameLossPercentage', above: 50, rank: 0 },
  { property: 'averageVideoFrameRate', below: 7, rank: 1 },
  { property: 'postForwardErrorCorrectionPacketLossRate', above: 0.15, rank: 2 },
];
/** A shared screen changes less often. */
export const screenSharingRules: readonly QualityRule[] = videoRules.map((rule) =>
  rule.property === 'averageVideoFrameRate' ? { ...rule, below: 2 } : rule,
);

export type Verdict = 'good' | 'poor' | 'unclassified';
type MediaKind = 'audio' | 'video' | 'screenSharing';

const rulesOf: Readonly<Record<MediaKind, readonly QualityRule[]>> = {
  audio: audioRules,
  video: videoRules,
  screenSharing: screenSharingRules,
};

/** @param label Of the media that the stream is of, which says what they are: `main-audio`. */
export function classifyStream(label: unknown, stream: Readonly<Record<string, unknown>>): Verdict {
  const rules = decidingRules(label, stream);
  if (rules.length === 0) return 'unclassified';
  return rules.some((rule) => isPoorBy(rule, stream)) ? 'poor' : 'good';
}

/** Properties of a stream that make it poor; none where it is not. */
export function poorMetrics(label: unknown, stream: Readonly<Record<string, unknown>>): readonly string[] {
  return decidingRules(label, stream)
    .filter((rule) => isPoorBy(rule, stream))
    .map(({ property }) => property);
}

/** Rules that a stream is judged by, of those whose metrics it has; none where there is too little to tell. */
function decidingRules(label: unknown, stream: Readonly<Record<string, unknown>>): readonly QualityRule[] {
  const kind = mediaKind(label);
  if (kind === undefined) return [];
  const present = rulesOf[kind].filter(({ property }) => metricOf(stream[property]) !== undefined);
  if (kind !== 'audio') return present.slice(0, 1);
  return (metricOf(stream['packetUtilization']) ?? 0) > tooFewPackets ? present : [];
}

function isPoorBy(rule: QualityRule, stream: Readonly<Record<string, unknown>>): boolean {
  return isBeyond(rule, metricOf(stream[rule.property])!); // it has the metrics of the rules it is judged by
}

function mediaKind(label: unknown): MediaKind | undefined {
  if (typeof label !== 'string') return undefined;
  if (/^applicationsharing-video|vbss/i.test(label)) return 'screenSharing';
  if (/video/i.test(label)) return 'video';
  return /audio/i.test(label) ? 'audio' : undefined;
}

export function isBeyond({ above = Infinity, below = -Infinity }: QualityRule, value: number): boolean {
  return value > above || value < below;
}

const duration = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** A metric as a number: a number as it is, an `Edm.Duration` in seconds. */
export function metricOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? duration.exec(value) : null;
  if (match === null) return undefined;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const size = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

/** Where any rule becomes true, by property: what lies within these is poor by none. */
export const qualityLimits: ReadonlyMap<string, QualityRule> = new Map(
  [...audioRules, ...videoRules].map((rule) => [rule.property, rule]),
);
