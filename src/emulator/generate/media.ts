import { clientNetwork, nulls, ratio, serviceNetwork } from './network.ts';
import { between, chance, pick, type Random, weightedNames } from './random.ts';
import type { Stay } from './timetable.ts';
import { formatMilliseconds, formatGeneratorTicks } from './ticks.ts';
import type { Impairment } from './impairments.ts';

const labels: Readonly<Record<string, string>> = {
  audio: 'main-audio',
  video: 'main-video',
  videoBasedScreenSharing: 'applicationsharing-video',
  data: 'data',
};
const devices = [
  'Realtek(R) Audio',
  'Jabra Evolve2 65',
  'Poly Voyager Focus 2',
  'AirPods Pro – Zoë',
] as const;
const audioCodec = weightedNames({ satin: 70, silkWide: 15, opus: 8, g722: 7 });
const videoCodec = weightedNames({ h264: 70, av1: 20, h264s: 10 });

/** Returns the media of one segment, one for each modality; the callee reports little. */
export function mediaOf(
  random: Random,
  modalities: readonly string[],
  stay: Stay,
  impairment: Impairment | undefined,
) {
  const streamOf = (modality: string, streamDirection: string) => ({
    ...stream(random, modality, streamDirection, stay),
    ...impairment?.harm(modality, streamDirection),
  });
  return modalities.map((modality) => ({
    label: labels[modality] ?? null,
    callerNetwork: { ...clientNetwork(random), ...impairment?.network },
    calleeNetwork: serviceNetwork,
    callerDevice: modality === 'audio' ? soundDevice(random) : silentDevice,
    calleeDevice: silentDevice,
    streams: [streamOf(modality, 'callerToCallee'), streamOf(modality, 'calleeToCaller')],
  }));
}

const silentDevice = nulls(
  'captureDeviceName captureDeviceDriver renderDeviceName renderDeviceDriver sentSignalLevel receivedSignalLevel',
  'sentNoiseLevel receivedNoiseLevel initialSignalLevelRootMeanSquare cpuInsufficentEventRatio',
  'renderNotFunctioningEventRatio captureNotFunctioningEventRatio deviceGlitchEventRatio lowSpeechToNoiseEventRatio',
  'lowSpeechLevelEventRatio deviceClippingEventRatio howlingEventCount renderZeroVolumeEventRatio',
  'renderMuteEventRatio micGlitchRate speakerGlitchRate',
);

function soundDevice(random: Random) {
  const name = pick(random, devices);
  return {
    ...silentDevice,
    captureDeviceName: name,
    captureDeviceDriver: 'Contoso Semiconductor: 6.0.9780.1',
    renderDeviceName: name,
    renderDeviceDriver: 'Contoso Semiconductor: 6.0.9780.1',
    sentSignalLevel: between(random, -40, -12),
    sentNoiseLevel: between(random, -90, -50),
    initialSignalLevelRootMeanSquare: ratio(random, 400),
    cpuInsufficentEventRatio: chance(random, 0.9) ? 0 : ratio(random, 0.2),
    renderNotFunctioningEventRatio: 0,
    captureNotFunctioningEventRatio: 0,
    deviceGlitchEventRatio: chance(random, 0.9) ? 0 : ratio(random, 0.1),
    lowSpeechToNoiseEventRatio: 0,
    lowSpeechLevelEventRatio: 0,
    deviceClippingEventRatio: 0,
    howlingEventCount: chance(random, 0.98) ? 0 : between(random, 1, 4),
    renderZeroVolumeEventRatio: 0,
    renderMuteEventRatio: 0,
  };
}

function stream(random: Random, modality: string, streamDirection: string, stay: Stay) {
  const audio = modality === 'audio';
  const video = modality === 'video' || modality === 'videoBasedScreenSharing';
  const jitter = between(random, 1, 30);
  const roundTrip = between(random, 8, 180);
  const loss = chance(random, 0.7) ? 0 : ratio(random, 0.04);
  const concealed = ratio(random, 0.03);
  const delay = between(random, 2, 60);
  return {
    streamId: between(random, 1, 65_535).toString(),
    startDateTime: formatGeneratorTicks(stay.joined),
    endDateTime: formatGeneratorTicks(stay.left),
    streamDirection,
    averageAudioDegradation: audio ? ratio(random, 0.4) : null,
    averageJitter: formatMilliseconds(jitter),
    maxJitter: formatMilliseconds(jitter * between(random, 1, 6)),
    averagePacketLossRate: loss,
    maxPacketLossRate: Math.min(1, loss * 4),
    averageRatioOfConcealedSamples: audio ? concealed : null,
    maxRatioOfConcealedSamples: audio ? Math.min(1, concealed * 3) : null,
    averageRoundTripTime: formatMilliseconds(roundTrip),
    maxRoundTripTime: formatMilliseconds(roundTrip + between(random, 0, 90)),
    packetUtilization: between(random, 100, 90_000),
    averageBandwidthEstimate: between(random, 90_000, 12_000_000),
    wasMediaBypassed: null,
    postForwardErrorCorrectionPacketLossRate: null,
    averageVideoFrameLossPercentage: video ? ratio(random, 4) : null,
    averageReceivedFrameRate: video ? ratio(random, 30) : null,
    lowFrameRateRatio: video ? ratio(random, 0.2) : null,
    averageVideoPacketLossRate: video ? loss : null,
    averageVideoFrameRate: video ? ratio(random, 30) : null,
    lowVideoProcessingCapabilityRatio: video ? 0 : null,
    averageAudioNetworkJitter: audio ? formatMilliseconds(delay) : null,
    maxAudioNetworkJitter: audio ? formatMilliseconds(delay * 2) : null,
    audioCodec: audio ? audioCodec(random) : 'unknown',
    videoCodec: video ? videoCodec(random) : 'unknown',
    rmsFreezeDuration: null,
    averageFreezeDuration: null,
    isAudioForwardErrorCorrectionUsed: audio ? chance(random, 0.2) : null,
  };
}
