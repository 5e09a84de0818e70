import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { oddSyncSuite } from './odd-suite.ts';

oddSyncSuite('SQLite', (clock) => Promise.resolve(openSqliteStore(':memory:', { clock })));
