/** Names the metrics of media quality, and describes why a stream was poor. The server, CLI and page use these. */
import {
  type Breach,
  type MediaKind,
  qualityRules,
  type QualityRule,
  tooFewPackets,
  type Verdict,
} from './call-quality.ts';
import { type UserRating, userRatings } from './user-rating.ts';

type Unit = 'ms' | 'rate' | 'percent' | 'fps';

interface Metric {
  readonly property: string;
  readonly short: string;
  readonly long: string;
  readonly unit: Unit;
}

/** Every metric that a rule limits. */
export const metricNames: readonly Metric[] = [
  { property: 'averageRoundTripTime', short: 'Round trip', long: 'round trip', unit: 'ms' },
  { property: 'averageJitter', short: 'Jitter', long: 'jitter', unit: 'ms' },
  { property: 'averagePacketLossRate', short: 'Loss', long: 'packet loss', unit: 'rate' },
  {
    property: 'postForwardErrorCorrectionPacketLossRate',
    short: 'Loss after FEC',
    long: 'packet loss after error correction',
    unit: 'rate',
  },
  { property: 'averageVideoFrameRate', short: 'Frames', long: 'frames a second', unit: 'fps' },
  { property: 'averageVideoFrameLossPercentage', short: 'Frames lost', long: 'frames lost', unit: 'percent' },
];

/** @param digits Decimal places; absent for as many as the unit is usually read with. */
export function formatMetric(property: string, value: number, digits?: number): string {
  const round = (number: number, usual: number) =>
    number < 1e9 ? formatOf(digits ?? usual).format(number) : number.toExponential(1);
  switch (unitOf(property)) {
    case 'ms':
      return `${round(value * 1000, 0)} ms`;
    case 'rate':
      return `${round(value * 100, 1)} %`;
    case 'percent':
      return `${round(value, 1)} %`;
    case 'fps':
      return `${round(value, 1)}/s`;
    case undefined:
      return round(value, 3);
  }
}

const formats: Intl.NumberFormat[] = [];

/** Creating a format takes longer than formatting a hundred numbers, and a call may have 20,000 people. */
function formatOf(digits: number): Intl.NumberFormat {
  return (formats[digits] ??= new Intl.NumberFormat('en', { maximumFractionDigits: digits }));
}

function unitOf(property: string): Unit | undefined {
  return metricNames.find((metric) => metric.property === property)?.unit;
}

function longName(property: string): string {
  return metricNames.find((metric) => metric.property === property)?.long ?? property;
}

/** Returns text such as `more than 500 ms round trip, … or fewer than 7 frames a second`. */
export function ruleWords(rules: readonly QualityRule[]): string {
  const words = rules.map((rule) =>
    rule.above === undefined
      ? `fewer than ${rule.below ?? 0} ${longName(rule.property)}`
      : `${limitWords(rule)} ${longName(rule.property)}`,
  );
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ');
}

/** Returns text such as `more than 500 ms` or `fewer than 7/s`. */
function limitWords({ property, above, below }: QualityRule): string {
  return above === undefined
    ? `fewer than ${formatMetric(property, below ?? 0)}`
    : `more than ${formatMetric(property, above)}`;
}

/** Returns text such as `jitter 45 ms, more than 30 ms`. */
function breachWords({ rule, value }: Breach): string {
  const { property, above, below } = rule;
  const limit = formatMetric(property, above ?? below ?? 0);
  // A value just beyond the limit must not read like the limit.
  let digits: number | undefined;
  let shown = formatMetric(property, value);
  while (shown === limit && (digits ?? 0) < 9)
    shown = formatMetric(property, value, (digits = (digits ?? 1) + 1));
  if (unitOf(property) !== 'fps') return `${longName(property)} ${shown}, ${limitWords(rule)}`;
  const frames = shown.replace('/s', '');
  return `${frames} ${frames === '1' ? 'frame' : 'frames'} a second, ${limitWords(rule).replace('/s', '')}`;
}

interface LegendEntry {
  readonly media: string;
  readonly property: string;
  /** The name of the metric as its column has it. */
  readonly metric: string;
  readonly poor: string;
}

/** Returns each metric that a rule limits, and its limit: all that the colors of a table of streams mean. */
export function legendEntries(): readonly LegendEntry[] {
  return Object.entries(qualityRules).flatMap(([kind, rules]) =>
    rules.map((rule) => ({
      media: mediaKindNames[kind as MediaKind], // a key of the table
      property: rule.property,
      metric: metricNames.find(({ property }) => property === rule.property)?.short ?? rule.property,
      poor: limitWords(rule),
    })),
  );
}

const mediaKindNames: Readonly<Record<MediaKind, string>> = {
  audio: 'Audio',
  video: 'Video',
  screenSharing: 'Shared screen',
};

export type PersonVerdict = Verdict | 'noMedia';

export const verdictNames: Readonly<Record<PersonVerdict, string>> = {
  good: 'Good',
  poor: 'Poor',
  unclassified: 'Not classified',
  noMedia: 'No media received',
};

export interface StreamCounts {
  readonly good: number;
  readonly poor: number;
  readonly unclassified: number;
}

/** The way of a stream, as seen from a person; `unknown` where the record does not state it. */
export type StreamWay = 'sent' | 'received' | 'unknown';

interface PoorStreamWords {
  readonly name: string;
  readonly kind: MediaKind;
  readonly way: StreamWay;
  /** The name of the other end. */
  readonly other: string;
  readonly breach: Breach;
}

/** Returns `Anna Weber's audio to the service was poor: jitter 45 ms, more than 30 ms.` */
export function poorSentence({ name, kind, way, other, breach }: PoorStreamWords): string {
  const media = mediaKindNames[kind].toLowerCase();
  const why = breachWords(breach);
  switch (way) {
    case 'sent':
      return `${name}'s ${media} to ${other} was poor: ${why}.`;
    case 'received':
      return `The ${media} that ${name} received from ${other} was poor: ${why}.`;
    case 'unknown':
      return `The ${media} between ${name} and ${other} was poor, in a direction that was not reported: ${why}.`;
  }
}

/** Returns the sentence about streams of which none was poor. */
export function notPoorSentence(name: string, { good, unclassified }: StreamCounts): string {
  const all = good + unclassified;
  if (good === 0) {
    const none = all === 1 ? 'The only stream' : `None of the ${count(all)} streams`;
    return `${none} of ${name} could ${all === 1 ? 'not be' : 'be'} classified: ${whyUnclassified}.`;
  }
  if (unclassified === 0)
    return all === 1
      ? `The only stream of ${name} was good.`
      : `All ${count(all)} streams of ${name} were good.`;
  return `No stream of ${name} was poor: ${count(good)} good, ${count(unclassified)} not classified.`;
}

const whyUnclassified = 'other media than audio and video, too few packets, or no value that decides';

/** Why nothing is known about a person's media. */
type NoMediaReason = 'sessionsMissing' | 'noSession' | 'segmentsMissing' | 'noStreams';

export function noMediaSentence(name: string, reason: NoMediaReason): string {
  switch (reason) {
    case 'sessionsMissing':
      return 'No media received: the list of sessions was not received.';
    case 'noSession':
      return `No media received: no session names ${name}.`;
    case 'segmentsMissing':
      return `No media received: the sessions of ${name} came without segments.`;
    case 'noStreams':
      return `No media received: the sessions of ${name} have no media streams.`;
  }
}

/** Returns what a verdict leaves open; empty when nothing. @param sessions Sessions without segments. */
export function withoutSegmentsSentence(sessions: number): string {
  if (sessions === 0) return '';
  return sessions === 1
    ? 'The segments of 1 session were not received.'
    : `The segments of ${count(sessions)} sessions were not received.`;
}

/** How the other end of a session is named when it is nobody on the roll. */
export const otherEnds = { service: 'the service', unknown: 'an end that was not reported' } as const;

const ratingNames: Readonly<Record<UserRating, string>> = {
  bad: 'Bad',
  poor: 'Poor',
  fair: 'Fair',
  good: 'Good',
  excellent: 'Excellent',
};

export const tooFewPacketsWords = `if more than ${tooFewPackets} packets were sent`;

/** Returns the name of a rating; one that is not known as it was received. */
export function ratingName(rating: string): string {
  const known = userRatings.find((one) => one === rating);
  return known === undefined ? rating : ratingNames[known];
}

function count(number: number): string {
  return number.toLocaleString('en');
}
