/** Whose tokens `serve` takes, by its options. */
import { openIdAuthority } from '../auth/authority.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import type { Clock } from '../clock.ts';
import type { Settings } from './settings.ts';

export function authorityVerifier(settings: Settings, { now }: Clock): Verifier {
  return createVerifier({
    authorities: (settings.authority ?? []).map((url) => openIdAuthority({ url, clock: now })),
    audiences: settings.audience,
    allowedTenants: settings['allowed-tenants']?.map((id) => id.toLowerCase()),
    clock: now,
  });
}
