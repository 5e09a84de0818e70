/** How people sign in to the page of `dev`: by one click, to its tenant. */
import type { SignIn } from '../app.ts';
import type { Settings } from './settings.ts';

export function developmentSignIn(settings: Settings, clock: () => Date): SignIn {
  const person = { tenantId: settings.tenant.toLowerCase(), subject: 'developer', name: 'Developer' };
  return { way: { kind: 'development', person }, kind: 'development', clock };
}
