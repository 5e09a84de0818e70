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
  return certificateTimes(certificate, now, {
    about: 'tls',
    what: 'The certificate',
    remedy: 'Renew it, and send SIGHUP to the server: it reads the files again without losing a request.',
  });
}

interface CertificateTexts {
  readonly about: string;
  /** The subject of a sentence. */
  readonly what: string;
  readonly remedy: string;
}

/** Checks whether a certificate is valid at present, and for how long. */
export function certificateTimes(
  { validFrom, validTo }: X509Certificate,
  now: Date,
  { about, what, remedy }: CertificateTexts,
): readonly Finding[] {
  const endMs = Date.parse(validTo);
  const end = new Date(endMs).toISOString().slice(0, 10);
  if (endMs < now.getTime()) return [wrong(about, `${what} ended on ${end}.`, remedy)];
  if (Date.parse(validFrom) > now.getTime()) {
    const clock = 'See that the clock of this machine is right, or wait.';
    return [wrong(about, `${what} is not valid yet.`, clock)];
  }
  if (endMs < now.getTime() + soonMs) return [attention(about, `${what} ends on ${end}.`, remedy)];
  return [well(about, `${what} is good until ${end}.`)];
}
