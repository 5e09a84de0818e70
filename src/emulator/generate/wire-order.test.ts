import { expect, it } from 'vitest';
import { defaultGenerateOptions, generateLines } from './generate.ts';

const identitySet =
  'acsUser, spoolUser, phone, guest, encrypted, onPremises, acsApplicationInstance, spoolApplicationInstance, ' +
  'applicationInstance, application, device';
const endpoint = {
  participantEndpoint:
    '@odata.type, name, cpuName, cpuCoresCount, cpuProcessorSpeedInMhz, userAgent, identity, associatedIdentity, feedback',
  serviceEndpoint: '@odata.type, userAgent',
};
const userAgent = {
  clientUserAgent:
    '@odata.type, headerValue, applicationVersion, platform, productFamily, communicationServiceId, azureADAppId',
  serviceUserAgent: '@odata.type, headerValue, applicationVersion, role',
};
const networkInfo =
  'ipAddress, subnet, linkSpeed, connectionType, port, reflexiveIPAddress, relayIPAddress, relayPort, macAddress, ' +
  'wifiMicrosoftDriver, wifiMicrosoftDriverVersion, wifiVendorDriver, wifiVendorDriverVersion, wifiChannel, wifiBand, ' +
  'basicServiceSetIdentifier, wifiRadioType, wifiSignalStrength, wifiBatteryCharge, dnsSuffix, sentQualityEventRatio, ' +
  'receivedQualityEventRatio, delayEventRatio, bandwidthLowEventRatio, networkTransportProtocol, traceRouteHops';
const deviceInfo =
  'captureDeviceName, captureDeviceDriver, renderDeviceName, renderDeviceDriver, sentSignalLevel, ' +
  'receivedSignalLevel, sentNoiseLevel, receivedNoiseLevel, initialSignalLevelRootMeanSquare, ' +
  'cpuInsufficentEventRatio, renderNotFunctioningEventRatio, captureNotFunctioningEventRatio, ' +
  'deviceGlitchEventRatio, lowSpeechToNoiseEventRatio, lowSpeechLevelEventRatio, deviceClippingEventRatio, ' +
  'howlingEventCount, renderZeroVolumeEventRatio, renderMuteEventRatio, micGlitchRate, speakerGlitchRate';
const mediaStream =
  'streamId, startDateTime, endDateTime, streamDirection, averageAudioDegradation, averageJitter, maxJitter, ' +
  'averagePacketLossRate, maxPacketLossRate, averageRatioOfConcealedSamples, maxRatioOfConcealedSamples, ' +
  'averageRoundTripTime, maxRoundTripTime, packetUtilization, averageBandwidthEstimate, wasMediaBypassed, ' +
  'postForwardErrorCorrectionPacketLossRate, averageVideoFrameLossPercentage, averageReceivedFrameRate, ' +
  'lowFrameRateRatio, averageVideoPacketLossRate, averageVideoFrameRate, lowVideoProcessingCapabilityRatio, ' +
  'averageAudioNetworkJitter, maxAudioNetworkJitter, audioCodec, videoCodec, rmsFreezeDuration, ' +
  'averageFreezeDuration, isAudioForwardErrorCorrectionUsed';

/** The members of what stands under a name, as the live service orders them. */
const order: Readonly<Record<string, string>> = {
  callRecord:
    'id, version, type, modalities, lastModifiedDateTime, startDateTime, endDateTime, joinWebUrl, organizer, ' +
    'participants, organizer_v2, sessions, participants_v2',
  organizer_v2: 'id, identity, administrativeUnitInfos',
  participants_v2: 'id, identity, administrativeUnitInfos',
  administrativeUnitInfos: 'id',
  sessions: 'id, modalities, startDateTime, endDateTime, isTest, failureInfo, caller, callee, segments',
  segments: 'id, startDateTime, endDateTime, failureInfo, caller, callee, media',
  failureInfo: 'reason, stage',
  feedback: 'text, rating, tokens',
  media: 'label, callerNetwork, calleeNetwork, callerDevice, calleeDevice, streams',
  callerNetwork: networkInfo,
  calleeNetwork: networkInfo,
  callerDevice: deviceInfo,
  calleeDevice: deviceInfo,
  streams: mediaStream,
  traceRouteHops: 'hopCount, ipAddress, roundTripTime',
};

/** Identity sets: `user` is first when null, and the member that is set comes after the others. */
function identitySetOrder(name: string, within: string, set: object): string | undefined {
  if (name !== 'organizer' && name !== 'participants' && name !== 'identity') return undefined;
  const communications = within === 'organizer_v2' || within === 'participants_v2';
  const all = communications
    ? `user, endpointType, ${identitySet}, azureCommunicationServicesUser, assertedIdentity`
    : `user, ${identitySet}`;
  const member = Object.entries(set).find(([, value]) => value !== null)?.[0] ?? '';
  return [...all.split(', ').filter((other) => other !== member), member].join(', ');
}

/** Identities: what a derived type adds follows the members that all have. */
function identityOrder(identity: object): string {
  const type = '@odata.type' in identity ? '@odata.type, ' : '';
  const userPrincipalName = 'userPrincipalName' in identity ? ', userPrincipalName' : '';
  const resourceId =
    'azureCommunicationServicesResourceId' in identity ? ', azureCommunicationServicesResourceId' : '';
  return `${type}id, displayName, tenantId${userPrincipalName}${resourceId}`;
}

function expectedOrder(name: string, within: string, value: object): string | undefined {
  const type = '@odata.type' in value ? String(value['@odata.type']).split('.').at(-1) : undefined;
  if (name === 'tokens') return Object.keys(value).join(', '); // An open type: whatever it holds.
  if (name === 'caller' || name === 'callee') return endpoint[type as keyof typeof endpoint];
  if (name === 'userAgent') return userAgent[type as keyof typeof userAgent];
  return order[name] ?? identitySetOrder(name, within, value) ?? identityOrder(value);
}

it('writes every object with the members of its type, in wire order', () => {
  const seen = new Set<string>();
  const check = (name: string, within: string, value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) check(name, within, item);
    } else if (typeof value === 'object' && value !== null) {
      seen.add(name);
      const actual = Object.keys(value).join(', ');
      const expected = expectedOrder(name, within, value);
      if (actual !== expected) expect({ name, order: actual }).toEqual({ name, order: expected });
      for (const [member, inner] of Object.entries(value)) check(member, name, inner);
    }
  };
  for (const line of generateLines({ ...defaultGenerateOptions, largest: 150, calls: 200 })) {
    check('callRecord', '', JSON.parse(line));
  }
  expect(
    [...Object.keys(order), 'caller', 'userAgent', 'identity', 'user'].filter((name) => !seen.has(name)),
  ).toEqual([]);
});
