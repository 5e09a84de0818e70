/** Whose tokens `serve` takes, by its options. */
import { openIdAuthority, type OpenIdAuthority } from '../auth/authority.ts';
import { development } from '../auth/issuer/issuer.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import type { Clock } from '../clock.ts';
import type { Settings } from './settings.ts';

/** Asked once for what they publish, whatever it is needed for. */
export function authoritiesBy(settings: Settings, { now }: Clock): OpenIdAuthority[] {
  return (settings.authority ?? []).map((url) => openIdAuthority({ url, clock: now }));
}

/**
 * What is wrong with the authorities: a development server gives tokens to whoever knows its secret, which everybody does.
 * On one machine alone `serve` may be tried with it; one that issues for another tenant than its own cannot be told.
 */
export function authorityProblems({ authority = [], host }: Settings): readonly string[] {
  const isTrial = (url: string) => isOfThisMachine(new URL(url).hostname) && isOfThisMachine(host);
  return authority
    .filter((url) => url.toLowerCase().includes(`/${development.tenantId}`) && !isTrial(url))
    .map(
      (url) =>
        `--authority: ${url} is that of a development server, whose secret everybody knows. Name an authority of your own.`,
    );
}

function isOfThisMachine(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

export function authorityVerifier(
  settings: Settings,
  authorities: readonly OpenIdAuthority[],
  { now }: Clock,
): Verifier {
  return createVerifier({
    authorities,
    audiences: settings.audience,
    allowedTenants: allowedTenants(settings),
    clock: now,
  });
}

export function allowedTenants(settings: Settings): string[] | undefined {
  return settings['allowed-tenants']?.map((id) => id.toLowerCase());
}
