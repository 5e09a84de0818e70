import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { inferenceSuite } from './inference-suite.ts';

inferenceSuite('SQLite', () => Promise.resolve(openSqliteStore(':memory:')));
