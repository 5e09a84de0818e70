/** What the API answers through two workers: every row of docs/compatibility.md. */
import { compatibilitySuite } from '../contract/compatibility/suite.ts';
import { startWorkersServer } from '../support/workers.ts';

compatibilitySuite(startWorkersServer);
