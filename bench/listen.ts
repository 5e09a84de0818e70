/** Starts a bare server like the measured ones: connections are kept alive, and it prints its address. */
import type { Server } from 'node:http';

export function listen(server: Server): void {
  server.keepAliveTimeout = 65_000;
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object')
      process.stdout.write(`bare listening on http://127.0.0.1:${address?.port}\n`);
  });
}
