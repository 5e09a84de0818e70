/** Starts a server with the page, calls of every kind and the one-click sign-in, and a browser that is signed in. */
import type { BrowserContext, Page } from 'playwright-core';
import { development } from '../../src/base/development.ts';
import type { PageFiles } from '../../src/serve/internal/page-files.ts';
import { builtFiles } from './built-page.ts';
import { openTab, type TabOptions, watch } from './chromium.ts';
import { aParticipant, aRecord, aSession } from './records.ts';
import { startTestServer, type TestServer, type TestServerOptions } from './server.ts';

const { tenantId } = development;

/** The files are built once for the test files of a worker. */
let built: Promise<PageFiles> | undefined;

export async function startPageServer(options: TestServerOptions = {}): Promise<TestServer> {
  const person = { tenantId, subject: 'developer', name: 'Dana Developer' };
  const signIn = {
    way: { kind: 'development', person },
    kind: 'development',
    clock: () => new Date(),
  } as const;
  return startTestServer({ page: await (built ??= builtFiles()), signIn, ...options });
}

export interface PageVisit extends TabOptions {
  /** False for a visitor who is not signed in. */
  readonly signsIn?: boolean;
}

interface Visitor extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Violations that occurred on the page. */
  readonly troubles: readonly string[];
}

/** Opens a browser as one who was never there, who signs in unless the visit states otherwise. */
export async function visitor(
  { url }: Pick<TestServer, 'url'>,
  { signsIn = true, ...options }: PageVisit = {},
): Promise<Visitor> {
  const tab = await openTab(url, options);
  const { page, context } = tab;
  if (signsIn) {
    const headers = { origin: url, 'sec-fetch-site': 'same-origin' };
    const path = `${url}/rollcall/sign-in/development`;
    const answer = await context.request.post(path, { headers, maxRedirects: 0 });
    if (answer.status() !== 303) throw new Error(`Signing in was answered ${answer.status()}.`);
  }
  const { seen, stop } = watch(page, url);
  const dispose = async () => {
    stop();
    await tab.close();
  };
  return { page, context, troubles: seen, [Symbol.asyncDispose]: dispose };
}

export const aPerson = (id: string, displayName: string, tenant: string = tenantId) =>
  aParticipant(id, { identity: { user: { id, displayName, tenantId: tenant } } });

/** Returns times on the day of the tests' calls. */
export const between = (from: string, to: string) => ({
  startDateTime: `2026-03-02T${from}Z`,
  endDateTime: `2026-03-02T${to}Z`,
});

const stream = (streamDirection: string, more: Record<string, unknown> = {}) => ({
  streamDirection,
  packetUtilization: 5000,
  averageRoundTripTime: 'PT0.085S',
  averageJitter: 'PT0.004S',
  averagePacketLossRate: 0.01,
  ...more,
});
const media = (...streams: readonly object[]) => [{ label: 'main-audio', streams }];

const sessionOf = (id: string, who: string, from: string, to: string, more: Record<string, unknown> = {}) =>
  aSession(id, who, undefined, {
    ...between(from, to),
    segments: [
      { id, ...between(from, to), media: media(stream('callerToCallee'), stream('calleeToCaller')) },
    ],
    ...more,
  });

const meeting = {
  type: 'groupCall',
  modalities: ['audio', 'video'],
  ...between('10:00:00', '10:30:00'),
  joinWebUrl: 'https://teams.example/l/19%3ameeting_A?context=1',
  organizer_v2: aPerson('zoe', 'Zoë Ångström'),
};

/**
 * Two versions of a meeting: the later one has one more participant, poor audio of the organizer, and a failed phone
 * call.
 */
export const twoVersions = [
  aRecord('meeting', {
    ...meeting,
    lastModifiedDateTime: '2026-03-02T10:40:00Z',
    participants_v2: [aPerson('zoe', 'Zoë Ångström')],
    sessions: [sessionOf('s3', 'zoe', '10:00:00', '10:29:10')],
  }),
  aRecord('meeting', {
    ...meeting,
    version: 2,
    lastModifiedDateTime: '2026-03-02T11:40:00Z',
    participants_v2: [
      aPerson('anna', 'Anna Weber', '33333333-3333-4333-8333-333333333333'),
      aPerson('zoe', 'Zoë Ångström'),
      aParticipant('+49301234567', { identity: { phone: { id: '+49301234567', displayName: null } } }),
    ],
    sessions: [
      sessionOf('s1', 'anna', '10:00:05', '10:12:00'),
      sessionOf('s2', 'anna', '10:15:00', '10:30:00'),
      sessionOf('s3', 'zoe', '10:00:00', '10:29:10', {
        segments: [
          {
            id: 's3',
            ...between('10:00:00', '10:29:10'),
            media: media(stream('callerToCallee', { averageJitter: 'PT0.045S' }), stream('calleeToCaller')),
          },
        ],
      }),
      sessionOf('s4', 'stray', '10:20:00', '10:21:00'),
      {
        ...sessionOf('s5', 'x', '10:02:00', '10:03:00'),
        caller: { identity: { phone: { id: '+49301234567' } }, userAgent: {} },
        failureInfo: { reason: 'Media connectivity failure.', stage: 'callSetup' },
      },
    ],
  }),
];

/** A call with missing pages, and one of which only the times are known. */
export const otherCalls = [
  aRecord('cut', {
    startDateTime: '2026-03-01T09:00:00Z',
    endDateTime: '2026-03-01T09:10:00Z',
    participants_v2: [aPerson('anna', 'Anna Weber')],
    'participants_v2@odata.nextLink': 'https://next.example',
  }),
  aRecord('bare', { startDateTime: '2026-02-27T23:30:00Z', endDateTime: '2026-02-27T23:30:20Z' }),
];
