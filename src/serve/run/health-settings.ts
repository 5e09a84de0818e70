/** Configures the port for health and metrics, the token for metrics, and the credentials whose expiry is exported. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { serverUrl } from '../app.ts';
import { Fault } from '../../contract/faults.ts';
import type { CredentialFile } from '../observe/expiry-metrics.ts';
import { type HealthServer, startHealthServer } from '../internal/health-server.ts';
import type { MetricsText, MetricsToken } from '../internal/metrics-route.ts';
import type { Clock } from '../../base/clock.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import type { Readiness } from '../observe/readiness.ts';
import type { SyncTenant } from '../../collect/sync/sync.ts';
import { listenProblem } from './listen-problem.ts';
import type { ServerSettings } from './server-settings.ts';

/** Characters allowed in an `Authorization` header (RFC 6750, section 2.1). */
const tokenForm = /^[\w.~+/-]+=*$/;

/** Returns the errors of the options. @param usesPort False for a sync without a listener. */
export function watchingProblems(settings: ServerSettings, usesPort: boolean): readonly string[] {
  const { 'health-port': healthPort, port, 'metrics-token-file': path } = settings;
  const problems: string[] = [];
  if (usesPort && healthPort !== undefined && healthPort !== 0 && healthPort === port)
    problems.push(`--health-port: ${port} is --port too. Name another, or 0 to pick one.`);
  if (path === undefined) return problems;
  try {
    if (!tokenForm.test(readFileSync(path, 'utf8').trim()))
      problems.push(
        `--metrics-token-file: '${path}' holds no token. Write one line of letters, digits and - . _ ~ + / to it.`,
      );
  } catch {
    problems.push(`--metrics-token-file: '${path}' cannot be read.`);
  }
  return problems;
}

/** Returns a reader of the token file. It is read for each scrape, so the token can be changed. */
export function metricsTokenBy({ 'metrics-token-file': path }: ServerSettings): MetricsToken {
  if (path === undefined) return undefined;
  return async () => {
    const token = await readFile(path, 'utf8').catch(() => '');
    if (tokenForm.test(token.trim())) return token.trim();
    throw new Fault('unavailable', `The token of --metrics-token-file cannot be read from '${path}'.`);
  };
}

/** Returns the credentials of a server. @param tls The certificate in use. */
export function servedCredentials(
  settings: ServerSettings,
  tls: { readonly cert: string } | undefined,
): readonly CredentialFile[] {
  const { 'tls-cert': certificate, 'sign-in-client-secret-file': secret } = settings;
  return [
    ...(tls === undefined || certificate === undefined
      ? []
      : [{ credential: 'tls-cert', kind: 'certificate', path: certificate, text: tls.cert } as const]),
    ...(secret === undefined
      ? []
      : [{ credential: 'sign-in-client-secret-file', kind: 'secret', path: secret } as const]),
  ];
}

export function tenantCredentials(tenants: readonly SyncTenant[]): readonly CredentialFile[] {
  return tenants.flatMap(({ credentials }): readonly CredentialFile[] => {
    switch (credentials.kind) {
      case 'secretFile':
        return [{ credential: 'client-secret-file', kind: 'secret', path: credentials.path }];
      case 'certificateFile':
        return [{ credential: 'client-certificate', kind: 'certificate', path: credentials.path }];
      case 'assertionFile':
        return [{ credential: 'client-assertion-file', kind: 'assertion', path: credentials.path }];
      case 'secret':
      case 'managedIdentity':
        return []; // these files contain no expiry
    }
  });
}

interface WatchedProcess {
  readonly clock: Clock;
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: MetricsText;
  readonly onDefect: OnDefect;
}

type StartedHealth = HealthServer & { readonly url: string };

/** Starts the health server, with `--health-port`. @throws UsageError when it cannot listen there */
export async function startHealth(
  settings: ServerSettings,
  watched: WatchedProcess,
): Promise<StartedHealth | undefined> {
  const { host, 'health-port': port } = settings;
  if (port === undefined) return undefined;
  try {
    const metricsToken = metricsTokenBy(settings);
    const health = await startHealthServer({ ...watched, host, port, metricsToken });
    return { ...health, url: serverUrl(host, health.port, false) };
  } catch (error) {
    throw listenProblem(error, { host, port }, '--health-port') ?? error;
  }
}
