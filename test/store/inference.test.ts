import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { inferenceSuite } from './inference-suite.ts';

const open = () => Promise.resolve(openSqliteStore(':memory:'));
inferenceSuite('SQLite', open, open);
