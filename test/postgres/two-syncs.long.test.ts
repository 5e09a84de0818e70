import { describe, onTestFinished } from 'vitest';
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts';
import { createDatabase } from '../support/test-database.ts';
import { twoSyncsSuite } from '../support/two-syncs.ts';

describe('two processes that sync one tenant into a PostgreSQL database', () => {
  twoSyncsSuite(async () => {
    const database = await createDatabase();
    onTestFinished(() => database[Symbol.asyncDispose]());
    return { url: database.url, open: () => openPostgresStore(database.url) };
  });
});
