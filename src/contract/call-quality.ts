/**
 * Decides when media were poor, by the rules with which Microsoft's Call Quality Dashboard classifies a stream. The API
 * and the page use this one table.
 *
 * @see https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard (docs/search.md names
 *   the copies that were read)
 */

/** A metric of a `mediaStream` and the limit beyond which it is poor. Durations are in seconds, rates from 0 to 1. */
export interface QualityRule {
  readonly property: string;
  /** Poor above this value. */
  readonly above?: number;
  /** Poor below this value. */
  readonly below?: number;
  /** Priority among rules of which only the first present metric counts. */
  readonly rank?: number;
}

/** An audio stream is poor if any of these is exceeded, unless too few packets were sent to decide. */
export const audioRules: readonly QualityRule[] = [
  { property: 'averageRoundTripTime', above: 0.5 },
  { property: 'averagePacketLossRate', above: 0.1 },
  { property: 'averageJitter', above: 0.03 },
];
/** With this many packets or fewer, a stream is not classified. */
export const tooFewPackets = 500;

/** A video stream is classified by the first of these metrics that is present. */
export const videoRules: readonly QualityRule[] = [
  { property: 'averageVideoFrameLossPercentage', above: 50, rank: 0 },
  { property: 'averageVideoFrameRate', below: 7, rank: 1 },
  { property: 'postForwardErrorCorrectionPacketLossRate', above: 0.15, rank: 2 },
];
/** The limit of the frame rate is lower for a shared screen, which changes less often. */
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

/**
 * Classifies a stream.
 *
 * @param label Label of the stream's media, which names their kind: `main-audio`.
 */
export function classifyStream(label: unknown, stream: Readonly<Record<string, unknown>>): Verdict {
  const rules = decidingRules(label, stream);
  if (rules.length === 0) return 'unclassified';
  return rules.some((rule) => isPoorBy(rule, stream)) ? 'poor' : 'good';
}

/** Returns the properties that make a stream poor; none for a stream that is not poor. */
export function poorMetrics(label: unknown, stream: Readonly<Record<string, unknown>>): readonly string[] {
  return decidingRules(label, stream)
    .filter((rule) => isPoorBy(rule, stream))
    .map(({ property }) => property);
}

/**
 * Returns the rules to apply to a stream: those whose metrics are present; none where the data is too little to decide.
 */
function decidingRules(label: unknown, stream: Readonly<Record<string, unknown>>): readonly QualityRule[] {
  const kind = mediaKind(label);
  if (kind === undefined) return [];
  const present = rulesOf[kind].filter(({ property }) => metricOf(stream[property]) !== undefined);
  if (kind !== 'audio') return present.slice(0, 1);
  return (metricOf(stream['packetUtilization']) ?? 0) > tooFewPackets ? present : [];
}

function isPoorBy(rule: QualityRule, stream: Readonly<Record<string, unknown>>): boolean {
  return isBeyond(rule, metricOf(stream[rule.property])!); // decidingRules returned only rules with a metric
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

/** Returns a metric as a number; an `Edm.Duration` in seconds. */
export function metricOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const match = typeof value === 'string' ? duration.exec(value) : null;
  if (match === null) return undefined;
  const [, sign, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  const size = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
  return sign === '-' ? -size : size;
}

/** The widest limits of each property: a value within them is poor by no rule. */
export const qualityLimits: ReadonlyMap<string, QualityRule> = new Map(
  [...audioRules, ...videoRules].map((rule) => [rule.property, rule]),
);
