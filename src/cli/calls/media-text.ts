/** Formats what a call's record says about the network, devices, client and opinion of a person, for `show`. */
import type { PanelFeedback, PersonPanel } from '../../analysis/quality-panel.ts';
import { printable } from '../../base/printable.ts';
import { ratingName } from '../../contract/quality-words.ts';

type Received = Readonly<Record<string, unknown>>;

const connections: Readonly<Record<string, string>> = { wifi: 'Wi-Fi', tunnel: 'VPN' };
const bands: Readonly<Record<string, string>> = {
  frequency24GHz: '2.4 GHz',
  frequency50GHz: '5 GHz',
  frequency60GHz: '6 GHz',
};

/** Different texts of a kind on its line: a call has many networks when a person moves. */
const mostTexts = 3;

/** Returns an indented line for each kind of facts that were received. */
export function mediaLines({ networks, devices, clients, feedback }: PersonPanel): readonly string[] {
  const facts = {
    Network: networks.map(({ values, vpn }) => networkText(values, vpn)),
    Devices: devices.map(({ values }) => deviceText(values)),
    Client: clients.map(clientText),
    Rating: feedback.map(feedbackText),
  };
  return Object.entries(facts).flatMap(([title, texts]) => {
    const own = [...new Set(texts)].filter((text) => text !== '');
    const more = own.length > mostTexts ? `; and ${own.length - mostTexts} more` : '';
    return own.length === 0 ? [] : [printable(`  ${title}: ${own.slice(0, mostTexts).join('; ')}${more}`)];
  });
}

function networkText(values: Received, vpn: string | null): string {
  const { connectionType, wifiBand, wifiSignalStrength, subnet, relayIPAddress } = values;
  const connection = textOf(connectionType);
  return joined([
    connection && (connections[connection] ?? connection),
    ...(connection === 'wifi'
      ? [bands[textOf(wifiBand)] ?? textOf(wifiBand), prefixed('signal ', wifiSignalStrength, ' %')]
      : []),
    vpn === null || connection === 'tunnel' ? '' : vpn === 'yes' ? 'VPN' : `VPN: ${vpn}`,
    prefixed('subnet ', subnet),
    prefixed('relay ', relayIPAddress),
    textOf(values['networkTransportProtocol']),
  ]);
}

function deviceText({ captureDeviceName, renderDeviceName }: Received): string {
  return joined([...new Set([textOf(captureDeviceName), textOf(renderDeviceName)])]);
}

function clientText({ userAgent }: Received): string {
  const { platform, productFamily, headerValue } = (userAgent ?? {}) as Received; // of another form, it has no members
  return joined([platform, productFamily, headerValue].map(textOf));
}

function feedbackText({ rating, text, problems }: PanelFeedback): string {
  return joined([
    rating === null ? '' : ratingName(rating).toLowerCase(),
    text === null ? '' : `“${text}”`,
    ...problems,
  ]);
}

function prefixed(before: string, value: unknown, after = ''): string {
  const text = textOf(value);
  return text === '' ? '' : before + text + after;
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}

/** Returns a value as text; an empty one where the record does not say it. */
function textOf(value: unknown): string {
  if (value === 'unknown') return '';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
