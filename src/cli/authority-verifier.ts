/** Whose tokens `serve` takes, by its options. */
import { openIdAuthority, type OpenIdAuthority } from '../auth/authority.ts';
import { development } from '../auth/issuer/issuer.ts';
import { createVerifier, type Verifier } from '../auth/verifier.ts';
import type { Clock } from '../clock.ts';
import { logBy, type LogTerminal } from './logging.ts';
import type { Settings } from './settings.ts';

/** Asked once for what they publish, whatever it is needed for. */
export function authoritiesBy(settings: Settings, terminal: LogTerminal): OpenIdAuthority[] {
  const log = logBy(settings, terminal);
  const { now } = terminal.clock;
  return (settings.authority ?? []).map((url) => {
    const onDevelopment = () => log.write('error', developmentProblem(url));
    return openIdAuthority({
      ...{ url, clock: now },
      onDevelopment: isTrial(url, settings) ? undefined : onDevelopment,
    });
  });
}

/**
 * What is wrong with the authorities: a development server gives tokens to whoever knows its secret, which everybody does.
 * On one machine alone `serve` may be tried with it. One that issues for another tenant is told when it is asked.
 */
export function authorityProblems({ authority = [], host }: Settings): readonly string[] {
  return authority
    .filter((url) => url.toLowerCase().includes(`/${development.tenantId}`) && !isTrial(url, { host }))
    .map(developmentProblem);
}

function developmentProblem(url: string): string {
  return `--authority: ${url} is that of a development server, whose secret everybody knows. Name an authority of your own.`;
}

function isTrial(url: string, { host }: Pick<Settings, 'host'>): boolean {
  return isOfThisMachine(new URL(url).hostname) && isOfThisMachine(host);
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
