/** A certificate of one's own, for https on a developer's machine. */

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
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true },
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
