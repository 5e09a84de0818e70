/** The rows of docs/compatibility.md that a process decides: whether a worker answers or forwards. GET never forwards. */
import { compatibilitySuite } from '../contract/compatibility/suite.ts';
import { startWorkersServer } from '../support/workers.ts';

compatibilitySuite(
  (options) => startWorkersServer({ args: ['--participants', 'as-received'], ...options }),
  ({ method = 'GET' }) => method !== 'GET',
);
