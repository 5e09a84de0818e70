/** Gives the tests of a `describe` a server with the page and calls, and visitors of it. */
import { afterAll, beforeAll, expect } from 'vitest';
import { type PageVisit, startPageServer, visitor } from './page-server.ts';
import type { TestServer } from './server.ts';

/**
 * Starts a server with the page and records before the tests of a `describe`, and stops it after them. No defect may have
 * occurred by then.
 */
export function usePageServer(records: readonly (string | object)[]) {
  let started: TestServer | undefined;
  beforeAll(async () => {
    started = await startPageServer();
    await started.import(records);
  });
  afterAll(async () => {
    await started?.stop();
    expect(started?.defects).toEqual([]);
  });
  const server = () => {
    if (started === undefined) throw new Error('The server starts before the first test.');
    return started;
  };
  return { server, visitor: (visit?: PageVisit) => visitor(server(), visit) };
}
