/** The whole contract on SQLite. */
import { expect, it } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { often } from '../support/often.ts';
import { holdContract, startContract } from '../support/whole-contract.ts';

it('what is imported is verified, served, exported and synced as it was received', async () => {
  await using contract = await startContract(() => Promise.resolve(openSqliteStore(':memory:')));
  await holdContract(contract, often(8, 400));
  expect(contract.figures.answers).toBeGreaterThan(20);
}, 900_000);
