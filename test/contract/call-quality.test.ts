/** Rollcall's own API for the media quality of a call, over HTTP. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aParticipant, aRecord, aSession } from '../support/records.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const other = '33333333-3333-4333-8333-333333333333';
const person = (id: string, displayName: string) => ({ identity: { user: { id, displayName } } });
const anna = aParticipant('a', person('a', 'Anna Weber'));
const paul = aParticipant('p', person('p', 'Paul Meyer'));
const zoe = aParticipant('z', person('z', 'Zoë Ångström'));

const fine = {
  packetUtilization: 5000,
  averageJitter: 'PT0.01S',
  averagePacketLossRate: 0,
  averageRoundTripTime: 'PT0.04S',
};
const sent = (more: object = {}) => ({ streamId: '1', streamDirection: 'callerToCallee', ...fine, ...more });
const received = (more: object = {}) => ({
  streamId: '2',
  streamDirection: 'calleeToCaller',
  ...fine,
  ...more,
});
const audio = (streams: unknown, more: object = {}) => ({ label: 'main-audio', streams, ...more });
const withMedia = (...media: unknown[]) => ({ segments: [{ id: 'g', media }] });

interface Answer {
  readonly people: readonly { readonly name: string; readonly [member: string]: unknown }[];
  readonly counts: unknown;
  readonly isAll: boolean;
}

let server: TestServer;
const path = (id: string, query = '') => `/rollcall/calls/${id}/quality${query}`;
const get = async (id: string, query = '', headers: Record<string, string> = {}) =>
  (await (await server.get(path(id, query), headers)).json()) as Answer & Record<string, unknown>;
const problem = async (id: string, query: string) => {
  const response = await server.get(path(id, query));
  const { error } = (await response.json()) as {
    readonly error: { readonly code: string; readonly details?: readonly { readonly target: string }[] };
  };
  return [response.status, error.code, ...(error.details ?? []).map(({ target }) => target)];
};

const feedback = {
  rating: 'poor',
  text: '<b>Could not hear</b>',
  tokens: { NoSound: true, Echo: false, Odd: 'x' },
};
const network = {
  ...{ ipAddress: '10.1.2.3', subnet: '10.1.2.0', connectionType: 'wifi', wifiBand: 'frequency24GHz' },
  ...{ wifiSignalStrength: 41, reflexiveIPAddress: '203.0.113.7', networkTransportProtocol: 'udp' },
};
const device = {
  captureDeviceName: 'Jabra Evolve2',
  captureDeviceDriver: 'GN: 1.2',
  renderDeviceName: 'Speakers',
};
const meeting = [
  aSession('1', 'a', undefined, {
    ...withMedia(
      audio([sent({ averageJitter: 'PT0.045S' }), received()], {
        callerNetwork: network,
        callerDevice: device,
        calleeNetwork: { connectionType: 'wired' },
      }),
      {
        label: 'main-video',
        callerDevice: { captureDeviceName: 'Webcam' },
        streams: [received({ averageVideoFrameRate: 5 })],
      },
    ),
    caller: {
      ...aSession('', 'a').caller,
      userAgent: { headerValue: 'releases/CL2025.R25', platform: 'windows', productFamily: 'teams' },
      feedback,
    },
  }),
  aSession('2', 'p', undefined, withMedia(audio([sent(), received({ packetUtilization: 3 })]))),
];

describe('GET /rollcall/calls/{id}/quality', () => {
  beforeAll(async () => {
    server = await startTestServer();
    await server.import([
      aRecord('meeting', { participants_v2: [paul, anna, zoe], sessions: meeting }),
      aRecord('two', {
        type: 'peerToPeer',
        participants_v2: [anna, paul],
        sessions: [
          aSession('1', 'a', 'p', withMedia(audio([sent({ averagePacketLossRate: 0.25 }), received()]))),
        ],
      }),
      aRecord('bare', { participants_v2: [anna] }),
      aRecord('grown', {
        participants_v2: [anna],
        sessions: [aSession('1', 'a', undefined, withMedia(audio([sent()])))],
      }),
      aRecord('grown', {
        version: 2,
        participants_v2: [anna],
        sessions: [aSession('1', 'a', undefined, withMedia(audio([sent({ averageJitter: 'PT1S' })])))],
      }),
    ]);
    await server.import([aRecord('theirs', { participants_v2: [zoe] })], other);
  });
  afterAll(() => server.stop());

  it('says for whom it was bad and why, the worst first', async () => {
    expect(await get('meeting')).toEqual({
      people: [
        {
          index: 1,
          name: 'Anna Weber',
          verdict: 'poor',
          sentence: "Anna Weber's audio to the service was poor: jitter 45 ms, more than 30 ms.",
          rating: 'poor',
          streams: { good: 1, poor: 2, unclassified: 0 },
          sentVerdict: 'poor',
          receivedVerdict: 'poor',
        },
        {
          index: 0,
          name: 'Paul Meyer',
          verdict: 'good',
          sentence: 'No stream of Paul Meyer was poor: 1 good, 1 not classified.',
          rating: null,
          streams: { good: 1, poor: 0, unclassified: 1 },
          sentVerdict: 'good',
          receivedVerdict: 'unclassified',
        },
        {
          index: 2,
          name: 'Zoë Ångström',
          verdict: 'noMedia',
          sentence: 'No media received: no session names Zoë Ångström.',
          rating: null,
          streams: { good: 0, poor: 0, unclassified: 0 },
          sentVerdict: 'noMedia',
          receivedVerdict: 'noMedia',
        },
      ],
      counts: { people: 3, poor: 1, good: 1, unclassified: 0, noMedia: 1, rated: 1 },
      isAll: true,
    });
  });

  it('gives the panel of one person: client, devices, network, both directions and feedback', async () => {
    const panel = await get('meeting', '?person=1');
    expect(panel).toMatchObject({
      index: 1,
      name: 'Anna Weber',
      verdict: 'poor',
      sent: { verdict: 'poor', streams: { poor: 1, good: 0, unclassified: 0 } },
      received: {
        verdict: 'poor',
        sentence:
          'The video that Anna Weber received from the service was poor: 5 frames a second, fewer than 7.',
      },
      decidedBy: {
        ...{ metric: 'averageJitter', value: 0.045, threshold: 0.03, label: 'main-audio' },
        ...{ direction: 'sent', streamId: '1' },
      },
      clients: [{ userAgent: { headerValue: 'releases/CL2025.R25', platform: 'windows' } }],
      devices: [
        { media: 'audio', label: 'main-audio', values: device },
        { media: 'video', label: 'main-video', values: { captureDeviceName: 'Webcam' } },
      ],
      networks: [{ vpn: null, values: network }],
      feedback: [{ rating: 'poor', text: '<b>Could not hear</b>', problems: ['NoSound'] }],
      isAll: true,
    });
    expect(
      (panel['streamList'] as readonly Record<string, unknown>[]).map((one) => [
        one['direction'],
        one['beyond'],
      ]),
    ).toEqual([
      ['sent', ['averageJitter']],
      ['received', ['averageVideoFrameRate']],
      ['received', []],
    ]);
  });

  it('says of a call of two what each heard', async () => {
    const { people } = await get('two');
    expect(people.map(({ sentence }) => sentence)).toEqual([
      "Anna Weber's audio to Paul Meyer was poor: packet loss 25 %, more than 10 %.",
      'The audio that Paul Meyer received from Anna Weber was poor: packet loss 25 %, more than 10 %.',
    ]);
    expect(people.map(({ sentVerdict, receivedVerdict }) => [sentVerdict, receivedVerdict])).toEqual([
      ['poor', 'good'],
      ['good', 'poor'],
    ]);
  });

  it('lists the streams of a call, poor ones first', async () => {
    const list = await get('meeting', '?streams=all');
    const streams = list['streams'] as readonly Record<string, unknown>[];
    expect(streams.map(({ from, to, verdict }) => [from, to, verdict])).toEqual([
      ['Anna Weber', 'the service', 'poor'],
      ['the service', 'Anna Weber', 'poor'],
      ['the service', 'Anna Weber', 'good'],
      ['Paul Meyer', 'the service', 'good'],
      ['the service', 'Paul Meyer', 'unclassified'],
    ]);
    expect(await get('meeting', '?streams=poor')).toMatchObject({
      counts: { good: 2, poor: 2, unclassified: 1 },
      isAll: true,
    });
  });

  it('does not say good of what was not received', async () => {
    expect((await get('bare')).people).toMatchObject([
      { verdict: 'noMedia', sentence: 'No media received: the list of sessions was not received.' },
    ]);
  });

  it('answers for an earlier version', async () => {
    const verdicts = async (headers = {}) =>
      (await get('grown', '', headers)).people.map(({ verdict }) => verdict);
    expect([await verdicts(), await verdicts({ prefer: 'rollcall.as-of=1' })]).toEqual([['poor'], ['good']]);
  });

  it('refuses what is not a position, a choice or a call of the tenant, and names each wrong parameter', async () => {
    expect([
      await problem('meeting', '?person=-1&streams=some'),
      await problem('meeting', '?person=1&streams=all'),
      await problem('meeting', '?person=3'),
      await problem('meeting', '?person='),
      await problem('meeting', '?index=1'),
      await problem('theirs', ''),
      await problem('theirs', '?person=0'),
      await problem('theirs', '?streams=all'),
      await problem('none', ''),
    ]).toEqual([
      [400, 'BadRequest', 'person', 'streams'],
      [400, 'BadRequest', 'streams'],
      [404, 'NotFound'],
      [400, 'BadRequest', 'person'],
      [400, 'BadRequest', 'index'],
      [404, 'NotFound'],
      [404, 'NotFound'],
      [404, 'NotFound'],
      [404, 'NotFound'],
    ]);
  });
});
