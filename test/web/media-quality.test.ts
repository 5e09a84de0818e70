/** The page's view of media quality: for whom it was poor and why, the panel of a person, and the legend. */
import { describe, expect, it } from 'vitest';
import { audioRules, screenSharingRules, videoRules } from '../../src/contract/call-quality.ts';
import { legendEntries, metricNames } from '../../src/contract/quality-words.ts';
import { violations } from '../support/accessibility.ts';
import { hasChromium } from '../support/chromium.ts';
import { aPerson } from '../support/page-server.ts';
import { usePageServer } from '../support/use-page-server.ts';
import { aRecord, aSession } from '../support/records.ts';

const fine = { packetUtilization: 5000, averageJitter: 'PT0.01S', averageRoundTripTime: 'PT0.04S' };
const evil = '<img src=x onerror=alert(1)>';
/** A stream beyond each limit, so that each color is used. */
const poorInEveryWay = [
  {
    label: 'main-audio',
    callerNetwork: {
      ...{ connectionType: 'wifi', wifiBand: 'frequency24GHz', wifiSignalStrength: 41, subnet: '10.1.2.0' },
      ...{ reflexiveIPAddress: '203.0.113.7', networkTransportProtocol: 'udp', linkSpeed: 144000000 },
      ...{ sentQualityEventRatio: 0.25, traceRouteHops: [] },
    },
    callerDevice: {
      captureDeviceName: evil,
      captureDeviceDriver: 'GN: 1.2',
      renderDeviceName: 'Jabra Evolve2',
    },
    streams: [
      {
        ...{ ...fine, streamDirection: 'callerToCallee', averageJitter: 'PT0.045S' },
        ...{ averageRoundTripTime: 'PT0.51S', averagePacketLossRate: 0.105 },
      },
      { ...fine, streamDirection: 'calleeToCaller' },
    ],
  },
  {
    label: 'main-video',
    streams: [{ streamDirection: 'calleeToCaller', averageVideoFrameLossPercentage: 60 }],
  },
  {
    label: 'applicationsharing-video',
    streams: [
      { streamDirection: 'calleeToCaller', averageVideoFrameRate: 1 },
      { streamDirection: 'callerToCallee', postForwardErrorCorrectionPacketLossRate: 0.2 },
    ],
  },
];
const annas = aSession('1', 'a', undefined, { segments: [{ id: 'g', media: poorInEveryWay }] });
const sessions = [
  {
    ...annas,
    caller: {
      ...annas.caller,
      userAgent: { headerValue: 'releases/CL2025.R25', platform: 'windows', productFamily: 'teams' },
      feedback: { rating: 'poor', text: evil, tokens: { NoSound: true } },
    },
  },
  aSession('2', 'p', undefined, {
    segments: [
      {
        id: 'g',
        media: [{ label: 'main-audio', streams: [{ ...fine, streamDirection: 'callerToCallee' }] }],
      },
    ],
  }),
];

it('the legend has every metric that a rule limits, and every metric has a column', () => {
  const limited = [...audioRules, ...videoRules, ...screenSharingRules].map(({ property }) => property);
  expect([...new Set(legendEntries().map(({ property }) => property))].sort()).toEqual(
    [...new Set(limited)].sort(),
  );
  expect(metricNames.map(({ property }) => property).sort()).toEqual([...new Set(limited)].sort());
  expect(
    legendEntries().find(({ media, metric }) => media === 'Shared screen' && metric === 'Frames')?.poor,
  ).toBe('fewer than 2/s');
});

describe.skipIf(!hasChromium)('the view of media quality', () => {
  const { visitor } = usePageServer([
    aRecord('poor', {
      participants_v2: [aPerson('p', 'Paul Meyer'), aPerson('a', 'Anna Weber'), aPerson('z', 'Zoë Ångström')],
      sessions,
    }),
  ]);

  it('says for whom it was poor, opens the panel by keyboard, and comes back', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls/poor?view=media');
    await page.getByText('Poor for 1 of 3 people').waitFor();
    const rows = page.locator('.quality-people [data-row]');
    expect(await rows.nth(0).innerText()).toMatch(
      /Poor\s+Anna Weber\s+The shared screen that Anna Weber received from the service was poor: /,
    );
    expect(await rows.nth(1).innerText()).toMatch(/Good\s+Paul Meyer/);
    expect(await rows.nth(2).innerText()).toMatch(/No media received\s+Zoë Ångström/);
    await page.getByRole('link', { name: 'Anna Weber' }).press('Enter');
    await page.getByRole('heading', { name: 'Anna Weber Poor' }).waitFor();
    expect(new URL(page.url()).search).toBe('?view=media&person=1');
    await page.getByRole('link', { name: 'All people of the call' }).press('Enter');
    await rows.first().waitFor();
    expect(troubles).toEqual([]);
  });

  it('shows the client, devices, network, both directions and the comment of a person as received', async () => {
    await using visit = await visitor();
    const { page, troubles } = visit;
    await page.goto('/calls/poor?view=media&person=1');
    const panel = page.locator('.quality-panel');
    await panel.waitFor();
    const text = (await panel.innerText()).replace(/\s+/g, ' ');
    for (const part of [
      "What others heard and saw from Anna Weber Poor Anna Weber's audio to the service was poor: jitter 45 ms, more than 30 ms.",
      'What Anna Weber heard and saw Poor The shared screen that Anna Weber received from the service was poor: 1 frame a second, fewer than 2.',
      `Rating and comment Poor ${evil} Marked: NoSound.`,
      'Platform windows Product teams Client version releases/CL2025.R25',
      `Microphone ${evil} Microphone driver GN: 1.2 Headset or speaker Jabra Evolve2`,
      'Camera not reported',
      'Used for main-audio Connection Wi-Fi VPN not reported Wi-Fi band 2.4 GHz Wi-Fi signal 41 % Subnet 10.1.2.0 Reflexive address 203.0.113.7 Relay not reported Transport udp Link speed 144 Mbit/s Network made sent sound poor 25 % of the call',
    ])
      expect(text).toContain(part);
    expect(troubles).toEqual([]);
  });

  it('has each color of its cells in the legend, with the limit', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/poor?view=media&streams=all');
    await page.locator('.streams [data-row]').first().waitFor();
    const propertiesOf = (selector: string) =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('${selector}')].map((cell) => cell.dataset.property)`,
      );
    const colored = new Set(await propertiesOf('.streams .beyond'));
    const legend = new Set(await propertiesOf('.quality-legend tr[data-property]'));
    expect([...colored].sort()).toEqual(metricNames.map(({ property }) => property).sort());
    expect([...colored].filter((property) => !legend.has(property))).toEqual([]);
    await page.getByRole('button', { name: 'Poor streams' }).click();
    await page.getByText('4 of 6 streams poor').waitFor();
    expect(await page.locator('.streams [data-row]').count()).toBe(4);
  });

  it('opens the panel of a person from the roll', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/poor');
    await page.getByRole('link', { name: 'Media of Anna Weber' }).click();
    await page.getByRole('heading', { name: 'Anna Weber Poor' }).waitFor();
    expect(new URL(page.url()).search).toBe('?view=media&person=1');
  });

  it('says that a position is not on the roll', async () => {
    await using visit = await visitor();
    const { page } = visit;
    await page.goto('/calls/poor?view=media&person=77');
    await page.getByText('The roll of this call has no person with this index.').waitFor();
  });

  it('is accessible and does not scroll sideways on a phone with streams beyond each limit', async () => {
    await using visit = await visitor({ width: 'narrow' });
    const { page } = visit;
    for (const [address, shows] of [
      ['/calls/poor?view=media', '.quality-people [data-row]'],
      ['/calls/poor?view=media&person=1', '.quality-panel'],
      ['/calls/poor?view=media&streams=all', '.streams [data-row]'],
    ] as const) {
      await page.goto(address);
      await page.locator(shows).first().waitFor();
      expect(await violations(page)).toEqual([]);
      const sideways = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect({ address, sideways }).toEqual({ address, sideways: 0 });
    }
  });
});
