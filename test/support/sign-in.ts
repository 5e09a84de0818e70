/** Configures sign-in with an authority, as `serve` does. */
import type { SignIn } from '../../src/serve/server-options.ts';
import { openIdAuthority } from '../../src/serve/auth/authority.ts';
import { development } from '../../src/base/development.ts';
import { createCodeFlow, type CodeFlowOptions } from '../../src/serve/sign-in/code-flow.ts';

const { clientId, clientSecret } = development;

export function signInWith(authorityUrl: string, changes: Partial<CodeFlowOptions> = {}): SignIn {
  const clock = changes.clock ?? (() => new Date());
  const flow = createCodeFlow({
    authority: openIdAuthority({ url: authorityUrl }),
    clientId,
    clientSecret: () => Promise.resolve(clientSecret),
    roles: ['CallRecords.Read.All'],
    allowedTenants: undefined,
    clock,
    ...changes,
  });
  return { way: { kind: 'authority', flow }, kind: authorityUrl, clock };
}
