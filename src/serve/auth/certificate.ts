/** Creates a self-signed certificate, which signs no other, for https on a developer's machine. */
import { X509Certificate } from 'node:crypto';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const lifetimeDays = 825;

/** Creates a certificate. @param hosts The DNS names and addresses it is valid for. */
export async function createSelfSignedCertificate(hosts: readonly string[], now: Date): Promise<Certificate> {
  // Imported on demand, because it loads a PKI library that no other start of the server needs.
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date(now.getTime() + lifetimeDays * 86_400_000);
  const { cert, private: key } = await generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
    keyType: 'ec',
    notBeforeDate: now,
    notAfterDate,
    extensions: [
      // Not a CA: an attacker with the key cannot issue certificates for other names.
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: hosts.map((host) =>
          /^[\d.]+$|:/.test(host) ? { type: 7, ip: host } : { type: 2, value: host },
        ),
      },
    ],
  });
  return { cert, key };
}

export function whyReplaced({ cert }: Certificate, now: Date): string | undefined {
  const { ca, validToDate } = new X509Certificate(cert);
  if (ca) return 'it was a certificate authority, whose key could sign for any host name';
  return validToDate <= now ? 'it has expired' : undefined;
}
