/**
 * Renews the calls of the SQLite store at a path one by one, and prints a line after each: a process that a test kills.
 */
import { renewCalls } from '../../src/store/renewal.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

await using store = openSqliteStore(process.argv[2]!);
while ((await renewCalls(store, 1)) > 0) process.stdout.write('one\n');
