/** Whose tokens `serve` takes, by its options. */
import { openIdAuthority, type OpenIdAuthority } from '../auth/authority.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import type { Clock } from '../clock.ts';
import type { Settings } from './settings.ts';

/** Asked once for what they publish, whatever it is needed for. */
export function authoritiesBy(settings: Settings, { now }: Clock): OpenIdAuthority[] {
  return (settings.authority ?? []).map((url) => openIdAuthority({ url, clock: now }));
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
