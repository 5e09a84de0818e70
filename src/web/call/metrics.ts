/** Formats the metrics of a stream: durations arrive in seconds, rates from 0 to 1. */
import type { QualityRule } from '../../contract/call-quality.ts';
import { formatNumber, mediaMessages as messages } from '../messages/en.ts';

type Unit = 'ms' | 'rate' | 'percent' | 'fps';

interface Metric {
  readonly property: string;
  readonly short: string;
  readonly long: string;
  readonly unit: Unit;
}

const units = {
  averageRoundTripTime: 'ms',
  averageJitter: 'ms',
  averagePacketLossRate: 'rate',
  postForwardErrorCorrectionPacketLossRate: 'rate',
  averageVideoFrameRate: 'fps',
  averageVideoFrameLossPercentage: 'percent',
} as const satisfies Record<string, Unit>;

export const metricNames: readonly Metric[] = (Object.keys(units) as (keyof typeof units)[]).map(
  (property) => ({ property, ...messages.metrics[property], unit: units[property] }),
);

export function formatMetric(property: string, value: number): string {
  const round = (number: number, digits: number) => formatNumber(number, { maximumFractionDigits: digits });
  switch (metricNames.find((metric) => metric.property === property)?.unit) {
    case 'ms':
      return messages.units.ms(round(value * 1000, 0));
    case 'rate':
      return messages.units.percent(round(value * 100, 1));
    case 'percent':
      return messages.units.percent(round(value, 1));
    case 'fps':
      return messages.units.fps(round(value, 1));
    case undefined:
      return round(value, 3);
  }
}

/** Returns text such as `more than 500 ms round trip, … or less than 7 frames a second`. */
export function ruleWords(rules: readonly QualityRule[]): string {
  const words = rules.map(({ property, above, below }) => {
    const long = metricNames.find((metric) => metric.property === property)?.long ?? property;
    return above === undefined
      ? messages.fewerThan(below ?? 0, long)
      : messages.moreThan(formatMetric(property, above), long);
  });
  return messages.or(words);
}
