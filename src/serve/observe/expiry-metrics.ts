/** Exports when credentials expire; for a secret's file, which does not contain that, when it was written. */
import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { decodeJwt } from 'jose';
import type { Registry } from 'prom-client';
import { readGauge } from './common-metrics.ts';

/** A credential in a file: the file is read for each scrape. */
export interface CredentialFile {
  /** The option that names the file. */
  readonly credential: string;
  readonly kind: 'certificate' | 'assertion' | 'secret';
  readonly path: string;
  /** The content in use, when it may differ from the file. */
  readonly text?: string;
}

/** Registers the metrics. @param files May differ from one scrape to the next. */
export function expiryMetrics(register: Registry, files: () => readonly CredentialFile[]): void {
  const gauges = [
    {
      name: 'rollcall_credential_expiry_timestamp_seconds',
      help: 'When a certificate or an assertion expires, the first of several; 0 when it cannot be read.',
      of: expirySeconds,
    },
    {
      name: 'rollcall_secret_file_modified_timestamp_seconds',
      help: 'When a file with a secret was written, the first of several; 0 when it cannot be read.',
      of: modifiedSeconds,
    },
  ];
  for (const { of, ...named } of gauges)
    readGauge(register, {
      ...named,
      labelNames: ['credential'],
      values: async () =>
        [...(await firstOfEach(files(), of))].map(([credential, seconds]) => [{ credential }, seconds]),
    });
}

async function firstOfEach(
  files: readonly CredentialFile[],
  of: (file: CredentialFile) => Promise<number | undefined>,
): Promise<ReadonlyMap<string, number>> {
  const first = new Map<string, number>();
  for (const file of files) {
    const seconds = await of(file).catch(() => 0);
    const known = first.get(file.credential) ?? Infinity;
    if (seconds !== undefined) first.set(file.credential, Math.min(seconds, known));
  }
  return first;
}

/** Returns the expiry, if the credential contains one. @throws For other content */
async function expirySeconds({ kind, path, text }: CredentialFile): Promise<number | undefined> {
  if (kind === 'secret') return undefined;
  const content = text ?? (await readFile(path, 'utf8'));
  if (kind === 'certificate') return Date.parse(new X509Certificate(content).validTo) / 1000;
  return decodeJwt(content.trim()).exp;
}

async function modifiedSeconds({ kind, path }: CredentialFile): Promise<number | undefined> {
  return kind === 'secret' ? Math.floor((await stat(path)).mtimeMs / 1000) : undefined;
}
