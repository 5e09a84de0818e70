/** Names and formats what a record says about a client, a device or a network. */
import type { PanelDevice, PanelNetwork } from '../../analysis/quality-panel.ts';
import { readMetric } from '../../contract/call-quality.ts';
import { formatNumber, qualityMessages as messages } from '../messages/en.ts';

type Received = Readonly<Record<string, unknown>>;

/** A value with its name. */
export interface ShownValue {
  readonly name: string;
  /** Null where it was not reported. */
  readonly text: string | null;
}

type Names = Readonly<Record<string, string>>;

/** What is always shown of a network: where nothing is known, the panel says so. */
const ofEveryNetwork: ReadonlySet<string> = new Set([
  ...['connectionType', 'subnet', 'reflexiveIPAddress', 'relayIPAddress', 'networkTransportProtocol'],
]);
const ofWifi: ReadonlySet<string> = new Set(['wifiBand', 'wifiSignalStrength']);

/** Returns the values of a person's end of a session. */
export function clientValues(client: Received): readonly ShownValue[] {
  const { userAgent, ...rest } = client;
  const agent = typeof userAgent === 'object' && userAgent !== null ? (userAgent as Received) : {};
  return namedValues({ ...agent, ...rest }, messages.clientValues, new Set(['platform', 'headerValue']));
}

/** Returns the values of each device, and that no camera was reported where none was. */
export function deviceValues(devices: readonly PanelDevice[]): readonly (readonly ShownValue[])[] {
  const lists = devices.map(({ media, label, values }) => {
    const kind = media ?? 'other';
    const { captureDeviceName, captureDeviceDriver, ...rest } = values;
    return [
      { name: messages.ofMedia[kind], text: label },
      { name: messages.captureNames[kind], text: textOf(captureDeviceName) },
      { name: messages.captureDrivers[kind], text: textOf(captureDeviceDriver) },
      ...namedValues(
        rest,
        messages.deviceValues,
        new Set(kind === 'audio' ? ['renderDeviceName', 'renderDeviceDriver'] : []),
      ),
    ];
  });
  const hasCamera = devices.some(({ media }) => media === 'video');
  return hasCamera ? lists : [...lists, [{ name: messages.captureNames.video, text: null }]];
}

/** Returns the values of a network. */
export function networkValues({ labels, vpn, values }: PanelNetwork): readonly ShownValue[] {
  const isWifi = values['connectionType'] === 'wifi';
  const always = isWifi ? new Set([...ofEveryNetwork, ...ofWifi]) : ofEveryNetwork;
  const [connection, ...rest] = namedValues(values, messages.networkValues, always);
  const used = labels.length === 0 ? [] : [{ name: messages.usedFor, text: labels.join(', ') }];
  return [...used, connection!, { name: messages.vpn, text: vpnText(vpn) }, ...rest]; // a connection is always shown
}

/** Returns every value of a stream as received, by its own name. */
export function streamValues(stream: Received): readonly ShownValue[] {
  return namedValues(stream, {}, new Set());
}

/** Returns values in the order of their names; those without a name last, those that say nothing left out. */
function namedValues(received: Received, names: Names, always: ReadonlySet<string>): readonly ShownValue[] {
  const known = Object.keys(names).filter((name) => always.has(name) || textOf(received[name]) !== null);
  const others = Object.keys(received).filter(
    (name) => !Object.hasOwn(names, name) && !name.includes('@') && textOf(received[name]) !== null,
  );
  return [...known, ...others].map((name) => ({
    name: Object.hasOwn(names, name) ? names[name]! : name,
    text: formatValue(name, received[name]),
  }));
}

function formatValue(name: string, value: unknown): string | null {
  if (name === 'connectionType') return enumText(messages.connections, value);
  if (name === 'wifiBand') return enumText(messages.bands, value);
  if (name === 'wifiRadioType') return textOf(value)?.replace(/^wifi802(11)/, '802.$1') ?? null;
  if (name === 'traceRouteHops') return hopsText(value);
  const number = readMetric('number', value);
  if (number === undefined) return textOf(value);
  if (name.endsWith('EventRatio'))
    return messages.percentOfCall(formatNumber(number * 100, { maximumFractionDigits: 1 }));
  if (name === 'wifiSignalStrength' || name === 'wifiBatteryCharge') return messages.percent(String(number));
  if (name === 'micGlitchRate' || name === 'speakerGlitchRate')
    return messages.perFiveMinutes(formatNumber(number));
  return name === 'linkSpeed' ? bitRate(number) : textOf(value);
}

function bitRate(bitsPerSecond: number): string {
  const [prefix, unit] =
    bitsPerSecond >= 1e9
      ? (['G', 1e9] as const)
      : bitsPerSecond >= 1e6
        ? (['M', 1e6] as const)
        : (['k', 1e3] as const);
  return messages.bitRate(formatNumber(bitsPerSecond / unit, { maximumFractionDigits: 1 }), prefix);
}

/** Returns the hops of a trace route; text of another form as received. */
function hopsText(value: unknown): string | null {
  const hops: readonly unknown[] = Array.isArray(value) ? value : [];
  const texts = hops.map((hop) => {
    const { hopCount, ipAddress, roundTripTime } = (hop ?? {}) as Received; // of any other form, it has no members
    return [hopCount, ipAddress, roundTripTime].map(textOf).filter(Boolean).join(' ');
  });
  return texts.length === 0 || texts.includes('') ? textOf(value) : texts.join(', ');
}

/** Returns the name of a member of an enumeration; one that is not known as received. */
function enumText(names: Names, value: unknown): string | null {
  const text = textOf(value);
  return text !== null && Object.hasOwn(names, text) ? names[text]! : text;
}

function vpnText(vpn: string | null): string | null {
  return vpn === 'tunnel' ? messages.vpnTunnel : vpn;
}

/** Returns a value as text; null for one that says nothing. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined || value === '' || value === 'unknown') return null;
  if (Array.isArray(value) && value.length === 0) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
