import { onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { startBreakingProxy } from '../support/breaking-proxy.ts';
import { fill, outageSuite } from '../support/outages.ts';
import { createDatabase } from '../support/test-database.ts';

for (const lasts of [true, false]) {
  outageSuite(`PostgreSQL, ${lasts ? 'for good' : 'once'}`, async () => {
    const database = await createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    const proxy = await startBreakingProxy(database.url);
    onTestFinished(() => proxy[Symbol.asyncDispose]());
    const open = () => openPostgresStore(database.url);
    {
      await using store = await open();
      await fill(store);
    }
    let from = Infinity;
    return {
      url: proxy.url,
      open,
      begin(at) {
        from = at;
        proxy.breakAt(at, lasts);
      },
      end() {
        const hasFailed = proxy.messages >= from;
        proxy.breakAt(Infinity, false);
        return hasFailed;
      },
    };
  });
}
