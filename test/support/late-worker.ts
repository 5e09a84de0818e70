/** Runs a worker that announces its last report, and waits for a message before it sends it. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { runWorker } from '../../src/serve/workers/worker.ts';

await runWorker(() =>
  Promise.resolve({
    server: createServer((_request, response) => response.end('late')),
    async observed() {
      process.send!({ kind: 'reporting' }); // it is forked with a channel
      await once(process, 'message');
      return [];
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }),
);
