/** Formats the metrics of a stream: durations arrive in seconds, rates from 0 to 1. */
import type { QualityRule } from '../../contract/call-quality.ts';

type Unit = 'ms' | 'rate' | 'percent' | 'fps';

interface Metric {
  readonly property: string;
  readonly short: string;
  readonly long: string;
  readonly unit: Unit;
}

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

export function formatMetric(property: string, value: number): string {
  const round = (number: number, digits: number) =>
    number.toLocaleString('en', { maximumFractionDigits: digits });
  switch (metricNames.find((metric) => metric.property === property)?.unit) {
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

/** Returns text such as `more than 500 ms round trip, … or less than 7 frames a second`. */
export function ruleWords(rules: readonly QualityRule[]): string {
  const words = rules.map(({ property, above, below }) => {
    const long = metricNames.find((metric) => metric.property === property)?.long ?? property;
    return above === undefined
      ? `fewer than ${below ?? 0} ${long}`
      : `more than ${formatMetric(property, above)} ${long}`;
  });
  return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter(Boolean).join(' or ');
}
