/** Creates the token verifier of `serve` from its settings. */
import { openIdAuthority, type OpenIdAuthority } from '../auth/authority.ts';
import type { FetchWatch } from '../../base/authority/authority-fetch.ts';
import { isEntra } from '../../contract/entra.ts';
import { development } from '../../base/development.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { audiencesBy } from './audiences.ts';
import { namedAuthorities, strayTenants } from './authorities.ts';
import type { ServerSettings } from './server-settings.ts';

/** Creates the authorities, each of which fetches its documents once for all uses. */
export function authoritiesBy(
  settings: ServerSettings,
  watchOf: (url: string) => FetchWatch,
): OpenIdAuthority[] {
  return namedAuthorities(settings.authority).map(({ url, tenants }) =>
    openIdAuthority({ url, tenants, watch: watchOf(url), mayBeDevelopment: isTrial(url, settings) }),
  );
}

export function loggedOutages(log: Log): (url: string) => FetchWatch {
  return (url) => ({
    onDown: (reason) =>
      log.write(
        'error',
        `The authority ${url} does not answer as it should: ${reason}. Verified tokens stay valid until they expire; other tokens get 503 until the keys can be fetched.`,
      ),
    onUp: () => log.write('info', `The authority ${url} answers again.`),
  });
}

/**
 * Returns the errors of the authorities. A development server issues tokens to any client, because its secret is
 * public, so `serve` accepts one only on the same machine. An authority for another tenant is detected when it is
 * requested.
 *
 * Each of several authorities could sign for the others' tenants unless its own are listed. Microsoft Entra's issuers
 * name the tenant.
 */
export function authorityProblems({ authority, host }: ServerSettings): readonly string[] {
  const named = namedAuthorities(authority);
  const fromDevelopment = named.filter(({ url }) => isOfDevelopment(url) && !isTrial(url, { host }));
  const unencrypted = named.filter(({ url }) => isEntra(url) && /^http:/i.test(url));
  const unbound =
    named.length < 2 ? [] : named.filter(({ url, tenants }) => tenants === undefined && !isEntra(url));
  return [
    ...strayTenants(authority),
    ...fromDevelopment.map(({ url }) => developmentProblem(url)),
    ...unencrypted.map(
      ({ url }) => `--authority: ${url} is Microsoft Entra, which is asked over https alone.`,
    ),
    ...unbound.map(
      ({ url }) =>
        `--authority: ${url} is one of several, and could sign for the tenants of the others. Name its own: --authority ${url}=TENANT.`,
    ),
  ];
}

function isOfDevelopment(url: string): boolean {
  return url.toLowerCase().includes(`/${development.tenantId}`);
}

function developmentProblem(url: string): string {
  return `--authority: ${url} is a development server, whose signing secret is public. Name your own authority.`;
}

/** Returns whether `serve` may use the development server at a URL: both must be reachable from this machine only. */
export function isTrial(url: string, { host }: Pick<ServerSettings, 'host'>): boolean {
  return isOfThisMachine(new URL(url).hostname) && isOfThisMachine(host);
}

function isOfThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

export function authorityVerifier(
  settings: ServerSettings,
  authorities: readonly OpenIdAuthority[],
  { now }: Clock,
): Verifier {
  return createVerifier({
    authorities,
    audiences: audiencesBy(settings),
    allowedTenants: allowedTenants(settings),
    clock: now,
  });
}

export function allowedTenants(settings: ServerSettings): string[] | undefined {
  return settings['allowed-tenants']?.map((id) => id.toLowerCase());
}
