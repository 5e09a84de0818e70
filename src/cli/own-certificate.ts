/** The certificate of `--tls-self-signed`. */
import { createSelfSignedCertificate, type Certificate } from '../auth/certificate.ts';
import type { CallRecordStore } from '../store/store.ts';

/** Kept with the store, so that a client told to trust it goes on trusting it. */
export async function ownCertificate(store: CallRecordStore, now: Date): Promise<Certificate> {
  const hosts = ['localhost', '127.0.0.1', '::1'];
  const text = await store.secret('certificate', async () =>
    JSON.stringify(await createSelfSignedCertificate(hosts, now)),
  );
  return JSON.parse(text) as Certificate; // written a line above
}
