/** Checks when the credentials of `sync` expire, where they contain an expiry. */
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import type { SyncTenant } from '../../collect/sync/sync.ts';
import { certificateTimes } from './check-tls.ts';
import { attention, type Finding, well, wrong } from './finding.ts';

/** Checks the credentials. An unreadable one is skipped: the token request reports it. */
export async function checkCredentials(
  { credentials }: Pick<SyncTenant, 'credentials'>,
  now: Date,
): Promise<readonly Finding[]> {
  try {
    switch (credentials.kind) {
      case 'certificateFile':
        return [
          certificateTimes(new X509Certificate(await readFile(credentials.path)), now, {
            about: 'credentials',
            what: `The certificate '${credentials.path}' of the application`,
            remedy:
              'Create a new certificate, add it to the registration of the application, and write it to the file.',
          }),
        ];
      case 'assertionFile':
        return assertionFindings(credentials.path, await readFile(credentials.path, 'utf8'), now);
      case 'secretFile':
        return [ageOf(credentials.path, (await stat(credentials.path)).mtime, now)];
      case 'secret':
      case 'managedIdentity':
        return [];
    }
  } catch {
    return [];
  }
}

function assertionFindings(path: string, text: string, now: Date): readonly Finding[] {
  const { exp } = decodeJwt(text.trim());
  if (exp === undefined) return [];
  const end = new Date(exp * 1000).toISOString();
  const says = `The assertion '${path}' of the application ${exp * 1000 < now.getTime() ? 'expired' : 'expires'} at ${end}.`;
  if (exp * 1000 >= now.getTime()) return [well('credentials', says)];
  return [
    wrong('credentials', says, 'Check the program that writes the file; in a pod, Kubernetes renews it.'),
  ];
}

/** The longest lifetime that Microsoft Entra's portal recommends for a secret. */
const recommendedDays = 180;

function ageOf(path: string, written: Date, now: Date): Finding {
  const days = Math.floor((now.getTime() - written.getTime()) / 86_400_000);
  const says = `The secret in '${path}' does not say when it expires; the file was written ${days} days ago.`;
  if (days < recommendedDays) return well('credentials', says);
  return attention(
    'credentials',
    says,
    'Look up the expiry of the secret in the registration of the application, and renew it before that date.',
  );
}
