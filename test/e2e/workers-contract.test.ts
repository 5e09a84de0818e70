/** The rows of docs/compatibility.md that a process decides: whether a worker answers or forwards. GET never forwards. */
import { compatibilitySuite, needsEndpoint } from '../contract/compatibility/suite.ts';
import { startWorkersServer } from '../support/workers.ts';

compatibilitySuite(
  (options) => startWorkersServer({ args: ['--participants', 'as-received'], ...options }),
  // `serve` does not notify this machine, and has no limits, and emulates nothing. workers-failures.test.ts has CORS.
  (row) => (row.method ?? 'GET') !== 'GET' && !needsEndpoint(row) && row.server === undefined,
);
