/**
 * Decides when media were poor, by the rules with which Microsoft's Call Quality Dashboard classifies a stream. The API
 * and the page use this one table.
 *
 * Microsoft documents no limit for the values of devices and networks: Graph describes `deviceGlitchEventRatio`,
 * `sentQualityEventRatio` and their like as fractions of the call and `wifiSignalStrength` as a percentage, the
 * dashboard lists them as dimensions. So they take part in no verdict.
 *
 * @see https://learn.microsoft.com/microsoftteams/stream-classification-in-call-quality-dashboard (docs/search.md names
 *   the copies that were read)
 * @see https://learn.microsoft.com/graph/api/resources/callrecords-networkinfo and callrecords-deviceinfo
 * @see https://learn.microsoft.com/microsoftteams/dimensions-and-measures-available-in-call-quality-dashboard
 */

/** The JSON form of a metric: an `Edm.Duration`, which is read in seconds, or a number. */
type MetricForm = 'duration' | 'number';

/** A metric of a `mediaStream` and the limit beyond which it is poor. Durations are in seconds, rates from 0 to 1. */
export interface QualityRule {
  readonly property: string;
  readonly form: MetricForm;
  readonly above?: number;
  readonly below?: number;
  /** Priority among rules of which only the first present metric counts. */
  readonly rank?: number;
}

/** An audio stream is poor if any of these is exceeded, unless too few packets were sent to decide. */
export const audioRules: readonly QualityRule[] = [
  { property: 'averageRoundTripTime', form: 'duration', above: 0.5 },
  { property: 'averagePacketLossRate', form: 'number', above: 0.1 },
  { property: 'averageJitter', form: 'duration', above: 0.03 },
];
/** With this many packets or fewer, a stream is not classified. */
export const tooFewPackets = 500;

/** A video stream is classified by the first of these metrics that is present. */
export const videoRules: readonly QualityRule[] = [
  { property: 'averageVideoFrameLossPercentage', form: 'number', above: 50, rank: 0 },
  { property: 'averageVideoFrameRate', form: 'number', below: 7, rank: 1 },
  { property: 'postForwardErrorCorrectionPacketLossRate', form: 'number', above: 0.15, rank: 2 },
];
/** The limit of the frame rate is lower for a shared screen, which changes less often. */
export const screenSharingRules: readonly QualityRule[] = videoRules.map((rule) =>
  rule.property === 'averageVideoFrameRate' ? { ...rule, below: 2 } : rule,
);

export type Verdict = 'good' | 'poor' | 'unclassified';
export type MediaKind = 'audio' | 'video' | 'screenSharing';

export const qualityRules: Readonly<Record<MediaKind, readonly QualityRule[]>> = {
  audio: audioRules,
  video: videoRules,
  screenSharing: screenSharingRules,
};

/** A metric beyond its limit. */
export interface Breach {
  readonly rule: QualityRule;
  readonly value: number;
}

/** A verdict on a stream, with the metrics that made it poor. */
export interface Classification {
  readonly verdict: Verdict;
  readonly breaches: readonly Breach[];
}

type Received = Readonly<Record<string, unknown>>;

const unclassified: Classification = { verdict: 'unclassified', breaches: [] };
const good: Classification = { verdict: 'good', breaches: [] };

/** Classifies a stream, and returns the metrics that decided. @param label Such as `main-audio`. */
export function classificationOf(label: unknown, stream: Received): Classification {
  const kind = mediaKind(label);
  if (kind === undefined) return unclassified;
  if (kind === 'audio' && (readMetric('number', stream['packetUtilization']) ?? 0) <= tooFewPackets)
    return unclassified;
  const breaches: Breach[] = [];
  let isKnown = false;
  let isUnreadable = false;
  for (const rule of qualityRules[kind]) {
    const received = stream[rule.property];
    const value = readMetric(rule.form, received);
    if (value === undefined) {
      isUnreadable ||= received !== undefined && received !== null;
      continue;
    }
    isKnown = true;
    if (isBeyond(rule, value)) breaches.push({ rule, value });
    if (rule.rank !== undefined) break;
  }
  if (breaches.length > 0) return { verdict: 'poor', breaches };
  // A metric that cannot be read may be beyond its limit, so the stream is not good either.
  return isKnown && !isUnreadable ? good : unclassified;
}

export function classifyStream(label: unknown, stream: Received): Verdict {
  return classificationOf(label, stream).verdict;
}

/** Returns how far a metric is beyond its limit, as a factor above 1. */
export function excessOf({ rule: { above, below }, value }: Breach): number {
  return above === undefined ? (below ?? 0) / value : value / above;
}

/** Returns the kind of media that a label names; `undefined` for a kind without rules, such as data. */
export function mediaKind(label: unknown): MediaKind | undefined {
  if (typeof label !== 'string') return undefined;
  if (/^applicationsharing-video|vbss/i.test(label)) return 'screenSharing';
  if (/video/i.test(label)) return 'video';
  return /audio/i.test(label) ? 'audio' : undefined;
}

export function isBeyond({ above = Infinity, below = -Infinity }: QualityRule, value: number): boolean {
  return value > above || value < below;
}

const duration = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Reads a metric; a duration in seconds. @returns `undefined` for what measures nothing, such as a negative one */
export function readMetric(form: MetricForm, value: unknown): number | undefined {
  const size = form === 'duration' ? secondsOf(value) : value;
  return typeof size === 'number' && size >= 0 && size < Infinity ? size : undefined;
}

function secondsOf(value: unknown): number | undefined {
  const match = typeof value === 'string' ? duration.exec(value) : null;
  if (match === null || /[PT]$/.test(match[0])) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = match;
  return ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds);
}

/** The widest limits of each property: a value within them is poor by no rule. */
export const qualityLimits: ReadonlyMap<string, QualityRule> = new Map(
  [...audioRules, ...videoRules].map((rule) => [rule.property, rule]),
);
