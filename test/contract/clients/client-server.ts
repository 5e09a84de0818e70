/**
 * A server over https for clients that run in processes of their own, which trust its certificate, as they are: what a
 * client prints is its result as JSON.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { createSelfSignedCertificate } from '../../../src/serve/auth/certificate.ts';
import { development } from '../../../src/base/development.ts';
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.ts';
import { importLines, startTestServer, type TestServer } from '../../support/server.ts';
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
  /** Starts a script of this folder that answers each line of JSON on its standard input with one; it ends with the server. */
  start(script: string, ...args: readonly string[]): (asked: unknown) => Promise<unknown>;
  /** Runs a file of Node.js with its environment, and gives what it prints as text. */
  runText(file: string, args: readonly string[], env?: Readonly<Record<string, string>>): Promise<string>;
}

/** The file of a store with the records, for all test files of this worker. */
let imported: Promise<string> | undefined;

function importedOnce(): Promise<string> {
  return (imported ??= (async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-clients-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    const file = join(folder, 'calls.db');
    await using store = openSqliteStore(file);
    await importLines(store, lines, development.tenantId);
    return file;
  })());
}

/** @param hosts Names beside localhost that the certificate is for. */
export async function startClientServer(hosts: readonly string[] = []): Promise<ClientServer> {
  const tls = await createSelfSignedCertificate(['localhost', '127.0.0.1', ...hosts], new Date());
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const certificate = join(folder, 'ca.pem');
  writeFileSync(certificate, tls.cert);
  const file = join(folder, 'calls.db');
  cpSync(await importedOnce(), file);
  const server = await startTestServer({ tls, store: openSqliteStore(file) });
  const origin = server.url.replace('127.0.0.1', 'localhost');

  const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };
  const fileOf = (script: string) => fileURLToPath(new URL(script, import.meta.url));
  const started: ChildProcess[] = [];

  async function runText(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const { stdout } = await execute(process.execPath, [file, ...args], {
      env: { ...trusting, ...env },
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
      return JSON.parse(await runText(fileOf(script), [origin, ...args])) as unknown;
    },
    start(script, ...args) {
      const child = spawn(process.execPath, [fileOf(script), origin, ...args], { env: trusting });
      started.push(child);
      let said = '';
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
      const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return async (asked) => {
        child.stdin.write(`${JSON.stringify(asked)}\n`);
        const { done, value } = await answers.next();
        if (done === true) throw new Error(`${script} ended: ${said}`);
        return JSON.parse(value) as unknown;
      };
    },
    async [Symbol.asyncDispose]() {
      for (const child of started) if (child.kill()) await once(child, 'exit');
      await server.stop();
      rmSync(folder, { recursive: true });
    },
  };
}
