/** A server whose requests are answered by workers: this process keeps them, and does what only one may do. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { type App, type AppOptions, serverUrl, startApp } from '../app.ts';
import { workersAsSenders } from '../workers/forwarding.ts';
import type { WorkerPool } from '../workers/pool.ts';

export async function startWithWorkers(
  options: AppOptions & { readonly listenOn: { readonly host: string; readonly port: number } },
  pool: WorkerPool,
): Promise<App> {
  const { listenOn, tls } = options;
  // The workers are to find it good.
  if (tls !== undefined) createSecureContext({ ...tls });
  const port = await pool.listen(listenOn.host, listenOn.port);
  // Readable by this user alone, as mkdtemp has it.
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-'));
  const path = join(folder, 'supervisor.sock');
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  let app: App | undefined;
  try {
    const own = await startApp({
      ...options,
      listenOn: { path },
      workers: { senders: workersAsSenders, observed: () => pool.report() },
    });
    app = own;
    chmodSync(path, 0o600);
    await pool.start(path);
    return {
      dispatcher: own.dispatcher,
      url: serverUrl(listenOn.host, port, tls !== undefined),
      async stop() {
        // Until the last of them has answered, they may ask this process.
        await pool.stop();
        await own.stop();
        removeFolder();
      },
    };
  } catch (error) {
    await app?.stop();
    removeFolder();
    throw error;
  }
}
