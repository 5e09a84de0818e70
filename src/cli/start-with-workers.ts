/** A server whose requests are answered by workers: this process keeps them, and does what only one may do. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppOptions, serverUrl, startApp } from '../app.ts';
import { stopTimes } from '../stopping.ts';
import { makeTemporaryFolder } from '../temporary-folder.ts';
import { workersAsSenders } from '../workers/forwarding.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { WorkerConfiguration } from './worker-configuration.ts';

/** What its workers are to know besides. */
export interface PooledOptions extends AppOptions {
  readonly listenOn: { readonly host: string; readonly port: number };
  readonly configuration: WorkerConfiguration;
}

/** A server that runs, whoever answers in it. */
export interface RunningServer extends Pick<App, 'url' | 'dispatcher' | 'stop'> {
  /** @returns false when no worker came up with the new options: all is as it was */
  reload(options: PooledOptions): Promise<boolean>;
}

export async function startWithWorkers(options: PooledOptions, pool: WorkerPool): Promise<RunningServer> {
  const { listenOn, tls } = options;
  const port = await pool.listen(listenOn.host, listenOn.port);
  const folder = makeTemporaryFolder();
  const path = join(folder.path, 'supervisor.sock');
  const ownOptions = (by: PooledOptions): AppOptions => ({
    ...by,
    listenOn: { path },
    workers: { senders: workersAsSenders, observed: () => pool.report() },
  });
  let app: App | undefined;
  try {
    const own = await startApp(ownOptions(options));
    app = own;
    chmodSync(path, 0o600);
    await pool.start({ privatePath: path, configuration: options.configuration });
    return {
      url: serverUrl(listenOn.host, port, tls !== undefined),
      get dispatcher() {
        return own.dispatcher;
      },
      async reload(next) {
        const { configuration } = next;
        const { workers = pool.count } = configuration.settings;
        if (!(await pool.replaceAll({ privatePath: path, configuration }, workers))) return false;
        await own.replace(ownOptions(next));
        return true;
      },
      async stop() {
        // Until the last of them has answered, they may ask this process.
        await pool.stop();
        await own.stop(stopTimes.supervisorMs);
        folder.remove();
      },
    };
  } catch (error) {
    await app?.stop();
    folder.remove();
    throw error;
  }
}
