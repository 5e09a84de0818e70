/** Configures how people sign in to the page of `serve`. */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { SignIn } from '../server-options.ts';
import type { OpenIdAuthority } from '../auth/authority.ts';
import type { Clock } from '../../base/clock.ts';
import { createCodeFlow } from '../sign-in/code-flow.ts';
import { trimEnd } from '../../base/trim-end.ts';
import { audiencesBy } from './audiences.ts';
import { namedAuthorities } from './authorities.ts';
import { allowedTenants } from './authority-verifier.ts';
import type { ServerSettings } from './server-settings.ts';

/** App roles, of which a person needs one; the same as an application's permission. */
const roles = ['CallRecords.Read.All'];

/** Configures sign-in. @param authorities In the order of the option: people sign in at the first. */
export function signInBy(
  settings: ServerSettings,
  [authority]: readonly OpenIdAuthority[],
  { now }: Clock,
): SignIn | undefined {
  const clientId = settings['sign-in-client-id'];
  if (clientId === undefined || authority === undefined) return undefined;
  const flow = createCodeFlow({
    authority,
    clientId,
    clientSecret: secretOf(settings),
    roles,
    allowedTenants: allowedTenants(settings),
    clock: now,
  });
  return { way: { kind: 'authority', flow }, kind: kindBy(settings), clock: now };
}

/** Returns a digest of the settings: sessions created with other settings become invalid. */
function kindBy(settings: ServerSettings): string {
  const { 'sign-in-client-id': id } = settings;
  return JSON.stringify([
    namedAuthorities(settings.authority)[0],
    id,
    roles,
    allowedTenants(settings) ?? null,
  ]);
}

function secretOf(settings: ServerSettings): () => Promise<string | undefined> {
  const file = settings['sign-in-client-secret-file'];
  if (file === undefined) return () => Promise.resolve(undefined);
  return async () => (await readFile(file, 'utf8')).trim();
}

/** Returns the errors of the combination of options. */
export function signInProblems(settings: ServerSettings): string[] {
  const { 'sign-in-client-id': id } = settings;
  const authority = namedAuthorities(settings.authority)[0]?.url;
  const file = settings['sign-in-client-secret-file'];
  const problems: string[] = [];
  if (id === undefined && file !== undefined)
    problems.push('--sign-in-client-id: is needed with a secret of the application that people sign in to.');
  // Users and applications have the same roles, and an ID token does not state which application they are for.
  if (
    id !== undefined &&
    audiencesBy(settings).some((one) => trimEnd(one, '/').toLowerCase() === id.toLowerCase())
  )
    problems.push(
      '--sign-in-client-id: is an --audience too: register a separate application for signing in.',
    );
  if (file !== undefined && !isText(file))
    problems.push(`--sign-in-client-secret-file: '${file}' cannot be read, or is empty.`);
  if (id !== undefined && authority !== undefined && !isSafe(authority))
    problems.push('--authority: people sign in over https alone; http is for an authority on this machine.');
  return problems;
}

function isText(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').trim() !== '';
  } catch {
    return false;
  }
}

function isSafe(authority: string): boolean {
  const { protocol, hostname } = new URL(authority);
  return protocol === 'https:' || /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
