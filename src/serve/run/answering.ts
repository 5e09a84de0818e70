/** Configures how requests are answered from a server's settings: equal in each of its processes. */
import type { BlockList } from 'node:net';
import type { AnsweringOptions } from '../server-options.ts';
import type { OpenIdAuthority } from '../auth/authority.ts';
import type { OnDefect } from '../../graph/error-response.ts';
import type { Cloud } from '../../contract/resources.ts';
import type { Deprecated } from '../../query/plan/read-plan.ts';
import { createReadiness, type Readiness } from '../observe/readiness.ts';
import { expectedLagMinutes } from '../../store/recency.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { subnetsOf } from '../../base/subnets.ts';
import type { Terminal } from '../../base/terminal.ts';
import { UsageError } from '../../base/exit.ts';
import type { ServerSettings } from './server-settings.ts';
import { trimEnd } from '../../base/trim-end.ts';

/** A command's fixed settings, and the defaults of its options. */
export interface ServerProfile {
  readonly participants: 'reconciled' | 'as-received';
  readonly deprecated: Deprecated;
  /** Sends HSTS over https. */
  readonly strictTransport: boolean;
  /** Rejects requests for host names other than the server's own. */
  readonly restrictsHosts: boolean;
  /** `strict`: to https endpoints with public addresses; `as-graph`: to local and http ones too, by Graph's timeouts. */
  readonly delivery: 'strict' | 'as-graph';
}

/** The profile of `serve`: an archive shows all properties it has (docs/decisions/0004-deprecated-properties.md). */
export const serveProfile: ServerProfile = {
  participants: 'reconciled',
  deprecated: 'as-before',
  strictTransport: true,
  restrictsHosts: false,
  delivery: 'strict',
};

/** Returns the options of a server. @throws UsageError */
export function answeringBy(
  settings: ServerSettings,
  profile: Pick<ServerProfile, 'participants' | 'deprecated'>,
) {
  return {
    publicUrl: settings['public-url'] && trimEnd(settings['public-url'], '/'),
    trustedProxies: proxiesBy(settings['trust-proxy'] ?? []),
    cloud: settings.cloud as Cloud, // one of the option's choices
    loose: settings.loose, // absent, thus false, for `serve`
    deprecated: (settings.deprecated ?? profile.deprecated) as Deprecated, // one of the option's choices
    reconciled: (settings.participants ?? profile.participants) === 'reconciled',
    corsOrigins: settings['cors-origin'] ?? [],
    cacheBytes: settings['cache-mb'] * 2 ** 20,
  } satisfies Partial<AnsweringOptions>;
}

/** Reads the certificate and key. @param problems Receives the errors of the two options. */
export function tlsFiles(
  settings: ServerSettings,
  problems: string[],
  readFile: (path: string, encoding: 'utf8') => string,
) {
  const { 'tls-cert': cert, 'tls-key': key } = settings;
  if (cert === undefined && key === undefined) return undefined;
  if (cert === undefined || key === undefined) {
    problems.push(
      `--tls-${cert === undefined ? 'cert' : 'key'}: is missing. --tls-cert and --tls-key are needed together.`,
    );
    return undefined;
  }
  const read = (option: string, path: string): string => {
    try {
      return readFile(path, 'utf8');
    } catch {
      problems.push(`--${option}: '${path}' cannot be read.`);
      return '';
    }
  };
  return { cert: read('tls-cert', cert), key: read('tls-key', key) };
}

/** Returns why a certificate or key is invalid; `undefined` for an error of another kind. */
export function whyNoCertificate(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('ERR_OSSL')
    ? 'the certificate or the key is not valid PEM, or they do not match'
    : undefined;
}

function proxiesBy(addresses: readonly string[]): BlockList {
  try {
    return subnetsOf(addresses);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError([`--trust-proxy: ${error.message}.`]);
  }
}

/** Returns the host names that clients of `dev` may use: the address it listens at and the configured names. */
export function allowedHostsBy(settings: ServerSettings): readonly string[] {
  const { host, 'public-url': publicUrl, 'allow-host': names = [] } = settings;
  return [host, ...names, ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname])];
}

/** Returns how far a sync may lag; `undefined` when no limit applies. */
export function longestLagBy(
  settings: ServerSettings,
  standardMinutes = expectedLagMinutes,
): number | undefined {
  const { 'expected-lag-minutes': minutes = standardMinutes } = settings;
  return minutes === 0 ? undefined : minutes * 60_000;
}

/** Configures what `/readyz` reports. @param authorities Those of `serve`, which answers at any age. */
export function readinessBy(
  settings: ServerSettings,
  store: CallRecordStore,
  { clock }: Pick<Terminal, 'clock'>,
  onDefect: OnDefect,
  authorities?: readonly OpenIdAuthority[],
): () => Promise<Readiness> {
  return createReadiness({
    store,
    clock,
    longestLagMs: longestLagBy(settings, authorities === undefined ? expectedLagMinutes : 0),
    authorities,
    onError: (error) => onDefect(error, { about: 'readyz' }),
  });
}
