/** Tests the lines about the network, devices, client and rating of a person. */
import { expect, it } from 'vitest';
import { mediaLines } from './media-text.ts';

type Panel = Parameters<typeof mediaLines>[0];
const none = { networks: [], devices: [], clients: [], feedback: [] };
const lines = (parts: object) => mediaLines({ ...none, ...parts } as unknown as Panel);
const network = (values: object, vpn: string | null = null) => ({ labels: [], vpn, values });

it.each([
  [{}, []],
  [
    { networks: [network({ connectionType: 'wired', wifiBand: 'unknown', wifiSignalStrength: 0 })] },
    ['  Network: wired'],
  ],
  [
    {
      networks: [
        network({ connectionType: 'wifi', wifiBand: 'frequency50GHz', relayIPAddress: '1.2.3.4' }, 'yes'),
      ],
    },
    ['  Network: Wi-Fi, 5 GHz, VPN, relay 1.2.3.4'],
  ],
  [{ networks: [network({ connectionType: 'unknown' })] }, []],
  [{ networks: [network({ connectionType: 'wired' }, 'no')] }, ['  Network: wired, VPN: no']],
  [{ networks: [network({ connectionType: 'tunnel' }, 'tunnel')] }, ['  Network: VPN']],
  [
    { networks: ['1', '2', '3', '4', '4', '5'].map((subnet) => network({ subnet })) },
    ['  Network: subnet 1; subnet 2; subnet 3; and 2 more'],
  ],
  [
    {
      devices: [{ values: { captureDeviceName: 'A', renderDeviceName: 'A' } }],
      clients: [{ userAgent: 7 }, {}],
    },
    ['  Devices: A'],
  ],
  [
    {
      feedback: [
        { rating: null, text: 'a\u001b[2J', problems: ['echo'] },
        { rating: 'bad', text: null, problems: [] },
      ],
    },
    ['  Rating: “a\\u001b[2J”, echo; bad'],
  ],
])('%j is %j', (parts, expected) => {
  expect(lines(parts)).toEqual(expected);
});
