/**
 * A server over https for clients that run in processes of their own, which trust its certificate, as they are: what a
 * client prints is its result as JSON.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createSelfSignedCertificate } from '../../../src/auth/certificate.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { lines } from './tenant.ts';

const execute = promisify(execFile);

export interface ClientServer extends AsyncDisposable {
  readonly server: TestServer;
  /** As clients name it: `https://localhost:…`. */
  readonly origin: string;
  /** A folder of the test's own. */
  readonly folder: string;
  /** Runs a script of this folder and gives what it prints. */
  run(script: string, ...args: readonly string[]): Promise<unknown>;
  /** Runs a file of Node.js with its environment, and gives what it prints as text. */
  runText(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

/** @param hosts Names beside localhost that the certificate is for. */
export async function startClientServer(hosts: readonly string[] = []): Promise<ClientServer> {
  const tls = await createSelfSignedCertificate(['localhost', '127.0.0.1', ...hosts], new Date());
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const certificate = join(folder, 'ca.pem');
  writeFileSync(certificate, tls.cert);
  const server = await startTestServer({ tls });
  await server.import(lines);
  const origin = server.url.replace('127.0.0.1', 'localhost');

  async function runText(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { stdout } = await execute(process.execPath, [file, ...args], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate, ...env },
      maxBuffer: 2 ** 26,
    });
    return stdout;
  }
  return {
    server,
    origin,
    folder,
    runText,
    async run(script, ...args) {
      const file = new URL(script, import.meta.url).pathname;
      return JSON.parse(await runText(file, [origin, ...args])) as unknown;
    },
    async [Symbol.asyncDispose]() {
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
