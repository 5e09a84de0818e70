/** A self-signed certificate, for https on a developer's machine. It signs for nothing but itself. */
import { X509Certificate } from 'node:crypto';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

const lifetimeDays = 825;

/** @param hosts DNS names and addresses it is for. */
export async function createSelfSignedCertificate(hosts: readonly string[], now: Date): Promise<Certificate> {
  // Loaded when needed: it brings a PKI library along that no other start of the server should pay for.
  const { generate } = await import('selfsigned');
  const notAfterDate = new Date(now.getTime() + lifetimeDays * 86_400_000);
  const { cert, private: key } = await generate([{ name: 'commonName', value: hosts[0] ?? 'localhost' }], {
    keyType: 'ec',
    notBeforeDate: now,
    notAfterDate,
    extensions: [
      // A client that trusts it trusts this server alone: who gets hold of the key makes no certificates for other names.
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

/** Returns why a certificate must be replaced; `undefined` for a valid one. */
export function whyReplaced({ cert }: Certificate, now: Date): string | undefined {
  const { ca, validToDate } = new X509Certificate(cert);
  if (ca) return 'it was a certificate authority, whose key could sign for any host name';
  return validToDate <= now ? 'it has expired' : undefined;
}
