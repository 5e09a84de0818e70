/** Whether a certificate is one, belongs to its key, and is still good. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { attention, type Finding, well, wrong } from './finding.ts';

const soonMs = 21 * 86_400_000;

export function checkTls({ cert, key }: { cert: string; key: string }, now: Date): readonly Finding[] {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return [
      wrong(
        'tls',
        'The file of --tls-cert holds no certificate.',
        'Name a file in PEM, the server’s own certificate first.',
      ),
    ];
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return [
        wrong(
          'tls',
          'The key of --tls-key is of another certificate.',
          'Name the key that the certificate was made with.',
        ),
      ];
  } catch {
    return [
      wrong(
        'tls',
        'The file of --tls-key holds no private key that can be read.',
        'Name a key in PEM without a password.',
      ),
    ];
  }
  const endMs = Date.parse(certificate.validTo);
  const end = new Date(endMs).toISOString().slice(0, 10);
  const remedy =
    'Renew it, and send SIGHUP to the server: it reads the files again without losing a request.';
  if (endMs < now.getTime()) return [wrong('tls', `The certificate ended on ${end}.`, remedy)];
  if (Date.parse(certificate.validFrom) > now.getTime())
    return [
      wrong(
        'tls',
        'The certificate is not valid yet.',
        'See that the clock of this machine is right, or wait.',
      ),
    ];
  if (endMs < now.getTime() + soonMs) return [attention('tls', `The certificate ends on ${end}.`, remedy)];
  return [well('tls', `The certificate is good until ${end}.`)];
}
