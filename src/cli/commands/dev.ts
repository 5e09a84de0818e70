import { readFileSync } from 'node:fs';
import type { SignIn } from '../../serve/server-options.ts';
import { Clients } from '../../emulator/issuer/clients.ts';
import { createIssuer, createIssuerKey } from '../../emulator/issuer/issuer.ts';
import { development, graphAudiences } from '../../base/development.ts';
import { createVerifier } from '../../serve/auth/verifier.ts';
import {
  defaultGenerateOptions,
  generateLines,
  type GenerateOptions,
} from '../../emulator/generate/generate.ts';
import { generateLogRows } from '../../emulator/generate/log-rows.ts';
import { boundIssuerRoutes } from '../../emulator/http/issuer-routes.ts';
import { createEmulatorHttp } from '../../emulator/http/emulator-http.ts';
import { createVisibleStore } from '../../emulator/visible-store.ts';
import { importSources } from '../../collect/ingest/import.ts';
import { createDeliveryHook } from '../../emulator/delivery-faults.ts';
import { createEmulatorClock } from '../../emulator/emulator-clock.ts';
import { Emulator } from '../../emulator/emulator.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { readinessBy, type ServerProfile, tlsFiles } from '../../serve/run/answering.ts';
import type { Command } from '../command.ts';
import { programCall } from '../installation.ts';
import type { Terminal } from '../../base/terminal.ts';
import { UsageError } from '../../base/exit.ts';
import { shownStore } from '../../store/shown-url.ts';
import { openServedStore } from '../../serve/run/served-store.ts';
import { logBy } from '../../serve/observe/logging.ts';
import { ownCertificate } from '../../serve/run/own-certificate.ts';
import { runServer } from '../../serve/run/run-server.ts';
import type { Settings } from '../settings.ts';

/** The profile of `dev`, which emulates Graph: it returns what was received, with empty deprecated members. */
const devProfile: ServerProfile = {
  participants: 'as-received',
  deprecated: 'empty',
  strictTransport: false,
  restrictsHosts: true,
  delivery: 'as-graph',
};

export const dev: Command = async (read, terminal) => {
  const { settings } = read;
  // Tokens follow real time, as their clients do, not the emulator's clock (docs/decisions/0006-clock-and-tokens.md).
  const { clock } = terminal;
  const { now } = clock;
  const tlsOf = (by: Settings) => {
    const problems: string[] = [];
    const tls = tlsFiles(by, problems, readFileSync);
    if (problems.length > 0) throw new UsageError(problems);
    return tls;
  };
  // Rejects invalid TLS files before anything starts.
  tlsOf(settings);
  const { workers = 1 } = settings;
  if (workers > 1)
    terminal.stderr.write(`dev is one process: --workers ${workers} has no effect. serve has workers.\n`);
  const emulatorClock = createEmulatorClock(
    settings['clock-start'] === undefined ? now() : new Date(settings['clock-start']),
    settings['clock-standing'] ? undefined : clock,
  );
  const clients = new Clients();
  await using store = await openServedStore(settings, terminal, { clock: emulatorClock });
  const issuer = await createIssuer(await store.secret('issuer-key', createIssuerKey), now);
  const { calls } = await store.totals();
  const generated =
    calls === 0 && !settings['no-generate']
      ? await generateTenant(settings, store, { ...terminal, clock: emulatorClock })
      : undefined;
  const tenantId = settings.tenant.toLowerCase();
  using emulator = new Emulator({ store, clock: emulatorClock, clients, tenantId, generated });
  const emulatorHttp = createEmulatorHttp(emulator);
  const verifier = createVerifier({ authorities: [issuer.authority], audiences: graphAudiences, clock: now });
  try {
    return await runServer({
      read,
      terminal,
      store: emulator.store,
      configure: async (by) => ({
        store: createVisibleStore(emulator.store, {
          retentionDays: by['retention-days'],
          lateMinutes: by['late-minutes'],
          clock: emulatorClock.now,
        }),
        interceptor: emulatorHttp.intercept(throttleScaleOf(by)),
        deliveryHook: createDeliveryHook(emulator.faults),
        verifier,
        signIn: developmentSignIn(by, now),
        tls:
          tlsOf(by) ??
          (by['tls-self-signed'] ? await ownCertificate(store, now(), logBy(by, terminal)) : undefined),
      }),
      clock: emulatorClock,
      // The clock waits for the deliveries that it causes, within a time limit.
      onStarted(app) {
        emulatorClock.onMoved(app, () => app.dispatcher.idle(deliveryMs));
        emulator.onChanged(() => app.dispatcher.wake());
      },
      readiness: (by, onDefect) => readinessBy(by, store, terminal, onDefect),
      moreRoutes: [...emulatorHttp.routes, ...boundIssuerRoutes(issuer, clients, now)],
      profile: devProfile,
      async onListening({ url }) {
        const { deprecated = devProfile.deprecated } = settings;
        if (!settings.quiet)
          logBy(settings, terminal).write('info', 'rollcall dev listens.', { listening: url, deprecated });
        await welcome(url, settings, store, terminal);
      },
    });
  } finally {
    emulatorHttp.scenarios.stopAll();
  }
};

/** Configures the one-click sign-in of the page, to the tenant of `dev`. */
function developmentSignIn(settings: Settings, clock: () => Date): SignIn {
  const person = { tenantId: settings.tenant.toLowerCase(), subject: 'developer', name: 'Developer' };
  return { way: { kind: 'development', person }, kind: 'development', clock };
}

/** Returns the scale of the time spans of Graph's limits, or `undefined` when they are not enforced. */
function throttleScaleOf({ throttle }: Settings): number | undefined {
  if (throttle === 'off') return undefined;
  return throttle === 'on' ? 1 : Number(throttle);
}

/** How long a moved clock waits for endpoints to respond. */
const deliveryMs = 2000;

/** Enough to see each kind of row, and few enough for a fast start. */
const logRowsOfEachKind = 50;

async function generateTenant(
  settings: Settings,
  store: CallRecordStore,
  { stderr, clock }: Terminal,
): Promise<GenerateOptions | undefined> {
  if (settings.calls === 0) return undefined;
  if (!settings.quiet)
    stderr.write(`The store is empty: generating ${settings.calls} calls (seed ${settings.seed}).\n`);
  const tenantId = settings.tenant.toLowerCase();
  const options = {
    ...defaultGenerateOptions,
    seed: settings.seed,
    calls: settings.calls,
    until: clock.now(),
    tenantId,
  };
  const logOptions = { ...options, rows: Math.min(settings.calls, logRowsOfEachKind) };
  await importSources(
    [
      { name: '(generated calls)', size: undefined, open: () => encoded(generateLines(options)) },
      { name: '(generated logs)', size: undefined, open: () => encoded(generateLogRows(logOptions)) },
    ],
    {
      tenantId,
      store,
      maxLineBytes: 64 * 2 ** 20,
      onReject: ({ reason }) => {
        throw new Error(`A generated record was not taken: ${reason}`);
      },
      onRead: () => undefined,
    },
  );
  return options;
}

async function* encoded(lines: Iterable<string>): AsyncGenerator<Buffer> {
  for (const line of lines) yield await Promise.resolve(Buffer.from(`${line}\n`));
}

/** Prints a new user's first steps on standard error. */
async function welcome(
  listening: string,
  settings: Settings,
  store: CallRecordStore,
  { stderr }: Terminal,
): Promise<void> {
  if (settings.quiet) return;
  // A server that listens on every address, as in a container, is reached as localhost.
  const url = listening.replace(/(?<=:\/\/)(?:0\.0\.0\.0|\[::\])(?=:\d)/, 'localhost');
  const tenantId = settings.tenant.toLowerCase();
  const calls = await store.someCalls(tenantId, 200);
  const [example] = [...calls].sort((a, b) => b.participants - a.participants);
  const option = (name: 'store' | 'tenant', standard: string) =>
    settings[name] === standard ? '' : ` --${name} ${shownStore(settings[name])}`;
  const token = `${programCall()} token${option('store', 'sqlite:./rollcall-data/rollcall.db')}${option('tenant', development.tenantId)}`;
  const insecure = url.startsWith('https:') && settings['tls-self-signed'] ? ' --insecure' : '';
  stderr.write(
    [
      '',
      `  Page           ${url}/ (one click signs you in)`,
      `  Graph API      ${url}/v1.0 and ${url}/beta`,
      `  Tenant         ${tenantId}`,
      `  Client         ${development.clientId}`,
      `  Secret         ${development.clientSecret}`,
      `  Token endpoint ${url}/${tenantId}/oauth2/v2.0/token`,
      '',
      ...deprecatedLines(settings),
      ...(example === undefined
        ? []
        : [
            'The roll of a call, in a browser:',
            '',
            `  ${url}/calls/${encodeURIComponent(example.callId)}`,
            '',
          ]),
      ...(settings.store === 'memory:' || example === undefined
        ? []
        : [
            'and from another terminal in this folder:',
            '',
            `  curl${insecure} --compressed -H "Authorization: Bearer $(${token})" \\`,
            `    ${url}/v1.0/communications/callRecords/${encodeURIComponent(example.callId)}/participants_v2`,
            '',
          ]),
      '',
    ].join('\n'),
  );
}

/** Explains what the deprecated members contain, unless the user has set the option. */
function deprecatedLines({ deprecated = devProfile.deprecated }: Settings): readonly string[] {
  if (deprecated === 'as-before') return [];
  const state = deprecated === 'empty' ? 'are empty' : 'are left out';
  return [
    `organizer, participants and participantEndpoint.identity ${state}: Graph's dates for their end have passed.`,
    'dev --deprecated as-before shows what was received.',
    '',
  ];
}
