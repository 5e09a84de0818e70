/** Manages the certificate of `--tls-self-signed`. */
import { createSelfSignedCertificate, type Certificate, whyReplaced } from '../auth/certificate.ts';
import type { Log } from '../../base/log.ts';
import type { CallRecordStore } from '../../store/store.ts';

/** Returns the certificate that is kept with the store, so that a client's trust in it survives restarts. */
export async function ownCertificate(store: CallRecordStore, now: Date, log: Log): Promise<Certificate> {
  const hosts = ['localhost', '127.0.0.1', '::1'];
  let reason: string | undefined;
  const text = await store.secret(
    'certificate',
    async () => JSON.stringify(await createSelfSignedCertificate(hosts, now)),
    (known) => (reason = whyReplaced(JSON.parse(known) as Certificate, now)) === undefined, // written two lines above
  );
  if (reason !== undefined)
    log.write(
      'warn',
      `The self-signed certificate was replaced: ${reason}. Configure clients that trusted the old one to trust the new one.`,
    );
  return JSON.parse(text) as Certificate; // written as this
}
