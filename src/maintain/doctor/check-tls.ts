/** Checks that a certificate can be parsed, matches its key, and has not expired. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { attention, type Finding, well, wrong } from './finding.ts';

const soonMs = 21 * 86_400_000;

interface Tls {
  readonly cert: string;
  readonly key: string;
}

export function checkTls(tls: Tls, now: Date): readonly Finding[] {
  return [tlsFinding(tls, now)];
}

function tlsFinding({ cert, key }: Tls, now: Date): Finding {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(cert);
  } catch {
    return wrong(
      'tls',
      'The file of --tls-cert does not contain a valid PEM certificate.',
      'Name a PEM file that has the server’s own certificate first.',
    );
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(key)))
      return wrong(
        'tls',
        'The key of --tls-key does not belong to the certificate of --tls-cert.',
        'Name the key with which the certificate was created.',
      );
  } catch {
    return wrong(
      'tls',
      'The file of --tls-key does not contain a valid PEM private key without a password.',
      'Name a PEM file with a key that has no password.',
    );
  }
  return certificateTimes(certificate, now, {
    about: 'tls',
    what: 'The certificate',
    remedy: 'Renew it and send SIGHUP to the server, which reads the files again without losing a request.',
  });
}

interface CertificateTexts {
  readonly about: string;
  /** The subject of the sentence. */
  readonly what: string;
  readonly remedy: string;
}

/** Checks whether a certificate is valid at present, and for how long. */
export function certificateTimes(
  { validFrom, validTo }: X509Certificate,
  now: Date,
  { about, what, remedy }: CertificateTexts,
): Finding {
  const endMs = Date.parse(validTo);
  const end = new Date(endMs).toISOString().slice(0, 10);
  if (endMs < now.getTime()) return wrong(about, `${what} expired on ${end}.`, remedy);
  if (Date.parse(validFrom) > now.getTime()) {
    const clock = 'Check the clock of this machine, or wait.';
    return wrong(about, `${what} is not valid yet.`, clock);
  }
  if (endMs < now.getTime() + soonMs) return attention(about, `${what} expires on ${end}.`, remedy);
  return well(about, `${what} is valid until ${end}.`);
}
