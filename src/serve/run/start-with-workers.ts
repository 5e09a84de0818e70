/** Starts a server with workers: this process supervises them and does the work that only one process may do. */
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { type App, type AppOptions, serverUrl, startApp } from '../app.ts';
import { stopTimes } from '../../base/stopping.ts';
import { makeTemporaryFolder } from '../../base/temporary-folder.ts';
import { workersAsSenders } from '../workers/forwarding.ts';
import type { WorkerPool } from '../workers/pool.ts';
import type { WorkerListener } from '../workers/worker-process.ts';
import type { WorkerConfiguration } from './worker-pool.ts';

export interface PooledOptions extends AppOptions {
  readonly listenOn: { readonly host: string; readonly port: number };
  readonly configuration: WorkerConfiguration;
  readonly listener: WorkerListener;
}

export interface RunningServer extends Pick<App, 'url' | 'metrics' | 'dispatcher' | 'stop'> {
  /** Reloads the options. @returns false when no worker started with them: the server keeps the previous ones */
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
    workers: { senders: workersAsSenders, observed: () => pool.observed() },
  });
  pool.listener = options.listener;
  let app: App | undefined;
  try {
    const own = await startApp(ownOptions(options));
    app = own;
    chmodSync(path, 0o600);
    await pool.start({ privatePath: path, configuration: options.configuration });
    return {
      metrics: own.metrics,
      url: serverUrl(listenOn.host, port, tls !== undefined),
      get dispatcher() {
        return own.dispatcher;
      },
      async reload(next) {
        const { configuration } = next;
        const { workers = pool.count } = configuration.settings;
        if (!(await pool.replaceAll({ privatePath: path, configuration }, workers))) return false;
        pool.listener = next.listener;
        await own.replace(ownOptions(next));
        return true;
      },
      async stop() {
        // Workers may forward requests to this process until the last of them has ended.
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
