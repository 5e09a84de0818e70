import { below, between, chance, hex, pick, type Random, weighted, weightedNames } from './random.ts';

const connection = weightedNames({ wifi: 60, wired: 32, mobile: 7, tunnel: 1 });
const transport = weightedNames({ udp: 94, tcp: 6 });
const band = weighted<readonly [band: string, channel: number, speed: number]>([
  [['frequency50GHz', 36, 866_700_000], 5],
  [['frequency50GHz', 100, 526_500_000], 3],
  [['frequency24GHz', 11, 144_000_000], 2],
  [['frequency60GHz', 2, 4_294_967_295], 0.2],
]);
const radio = weightedNames({ wifi80211ac: 5, wifi80211ax: 4, wifi80211n: 1 });

/** Returns the network of a client. Public addresses are reserved for documentation (RFC 5737). */
export function clientNetwork(random: Random) {
  const office = below(random, 200);
  const connectionType = connection(random);
  const wireless = connectionType === 'wifi';
  const [wifiBand, wifiChannel, wifiSpeed] = band(random);
  return {
    ipAddress: `10.${office}.${below(random, 16)}.${between(random, 2, 250)}`,
    subnet: `10.${office}.0.0`,
    linkSpeed: wireless ? wifiSpeed : 1_000_000_000,
    connectionType,
    port: between(random, 50_000, 50_059),
    reflexiveIPAddress: `203.0.113.${between(random, 1, 254)}`,
    relayIPAddress: `198.51.100.${between(random, 1, 254)}`,
    relayPort: between(random, 3478, 3481),
    // The block for documentation of RFC 7042.
    macAddress: `00-00-5E-00-53-${hex(random, 1).slice(0, 2).toUpperCase()}`,
    wifiMicrosoftDriver: wireless ? 'Microsoft' : null,
    wifiMicrosoftDriverVersion: wireless ? 'Microsoft:10.0.26100.4484' : null,
    wifiVendorDriver: wireless
      ? pick(random, ['Intel(R) Wi-Fi 6E AX211 160MHz', 'Qualcomm FastConnect 7800'])
      : null,
    wifiVendorDriverVersion: wireless ? 'Intel:23.110.0.5' : null,
    wifiChannel: wireless ? wifiChannel : null,
    wifiBand: wireless ? wifiBand : 'unknown',
    basicServiceSetIdentifier: wireless ? '00-00-5E-00-53-01' : null,
    wifiRadioType: wireless ? radio(random) : 'unknown',
    wifiSignalStrength: wireless ? between(random, 35, 99) : null,
    wifiBatteryCharge: wireless ? between(random, 5, 100) : null,
    dnsSuffix: chance(random, 0.5) ? 'corp.contoso.example' : '',
    sentQualityEventRatio: null,
    receivedQualityEventRatio: null,
    delayEventRatio: ratio(random, 0.1),
    bandwidthLowEventRatio: ratio(random, 0.05),
    networkTransportProtocol: transport(random),
    traceRouteHops: chance(random, 0.1) ? traceRoute(random) : [],
  };
}

/** The network of a service, which reports almost nothing. */
export const serviceNetwork = {
  ...{
    ipAddress: '',
    subnet: null,
    linkSpeed: 0,
    connectionType: 'wired',
    port: 3481,
    reflexiveIPAddress: '',
  },
  ...nulls(
    'relayIPAddress relayPort macAddress wifiMicrosoftDriver wifiMicrosoftDriverVersion wifiVendorDriver',
    'wifiVendorDriverVersion wifiChannel',
  ),
  ...{ wifiBand: 'unknown', basicServiceSetIdentifier: null, wifiRadioType: 'unknown' },
  ...nulls(
    'wifiSignalStrength wifiBatteryCharge dnsSuffix sentQualityEventRatio receivedQualityEventRatio delayEventRatio',
    'bandwidthLowEventRatio',
  ),
  ...{ networkTransportProtocol: 'udp', traceRouteHops: [] },
};

/** Up to `most`, in millionths. */
export function ratio(random: Random, most: number): number {
  return below(random, most * 1_000_000 + 1) / 1_000_000;
}

function traceRoute(random: Random) {
  return [1, 2, 3].map((hopCount) => ({
    hopCount,
    ipAddress: `198.51.100.${between(random, 1, 254)}`,
    roundTripTime: `PT0.0${between(random, 1, 9)}S`,
  }));
}

/** @param names Members, separated by blanks, in wire order. */
export function nulls(...names: readonly string[]): Readonly<Record<string, null>> {
  return Object.fromEntries(names.flatMap((line) => line.split(' ')).map((name) => [name, null]));
}
