import { between, chance, pick, type Random, randomFor, weighted } from './random.ts';
import { formatMilliseconds } from './ticks.ts';

type Members = Readonly<Record<string, number | string>>;

/** The effects of a bad network on one participant of a call, drawn from a separate random stream. */
export interface Impairment {
  /** Returns members that replace those of a good network; none where that direction is good. */
  harm(modality: string, streamDirection: string): Members;
  readonly network: Members;
  /** The problems that the participant reported; usually none. */
  readonly complaints: readonly string[];
}

/** Returns the impairment of a participant, for about 4 %, the same in every version of the call. */
export function impairmentOf(seed: number, call: number, participant: number): Impairment | undefined {
  // Another label would change every generated call.
  const random = randomFor(seed, 'trouble', call, participant);
  if (!chance(random, 0.04)) return undefined;
  const harmOf = kindOf(random);
  const directions = directionsOf(random);
  return {
    harm: (modality, direction) => (directions.includes(direction) ? harmOf(random, modality) : {}),
    network: {
      delayEventRatio: rate(random, 0.2, 0.7),
      bandwidthLowEventRatio: rate(random, 0.1, 0.6),
    },
    complaints: chance(random, 0.4) ? [pick(random, ['DistortedSound', 'Interruptions']), 'Stopped'] : [],
  };
}

const directionsOf = weighted<readonly string[]>([
  [['callerToCallee', 'calleeToCaller'], 60],
  [['callerToCallee'], 25],
  [['calleeToCaller'], 15],
]);

const kindOf = weighted<(random: Random, modality: string) => Members>([
  [lost, 5],
  [uneven, 4],
  [late, 2],
]);

/** Returns the metrics of a weak radio link: packets are lost and partly concealed. */
function lost(random: Random, modality: string): Members {
  const loss = rate(random, 0.11, 0.3);
  const concealed = rate(random, 0.08, 0.25);
  return {
    averagePacketLossRate: loss,
    maxPacketLossRate: loss * 2,
    ...(modality === 'audio' && {
      averageAudioDegradation: rate(random, 1.1, 2.4),
      averageRatioOfConcealedSamples: concealed,
      maxRatioOfConcealedSamples: concealed * 2,
    }),
    ...(/video/i.test(modality) && {
      averageVideoPacketLossRate: loss,
      averageVideoFrameLossPercentage: rate(random, 51, 80),
    }),
  };
}

/** Returns the metrics of a congested link: packets arrive at irregular intervals. */
function uneven(random: Random): Members {
  const jitter = between(random, 34, 110);
  return {
    averageJitter: formatMilliseconds(jitter),
    maxJitter: formatMilliseconds(jitter * between(random, 2, 5)),
  };
}

/** Returns the metrics of a long route, as through a distant VPN. */
function late(random: Random): Members {
  const roundTrip = between(random, 520, 1_300);
  return {
    averageRoundTripTime: formatMilliseconds(roundTrip),
    maxRoundTripTime: formatMilliseconds(roundTrip + between(random, 50, 900)),
  };
}

/** Returns a rate in millionths. */
function rate(random: Random, low: number, high: number): number {
  return between(random, low * 1_000_000, high * 1_000_000) / 1_000_000;
}
