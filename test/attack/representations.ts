/** Requests random records in random representations. */
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { attackRepresentations } from '../support/representation-attack.ts';
import { type Attack, Findings } from './attack.ts';

export const randomRepresentations: Attack = {
  name: 'representations',
  promise:
    'Every representation of every record is JSON and equals what an oracle that parses and prints gives.',
  count: 40_000,
  minutes: 2,
  async run({ seed, count, signal }) {
    const findings = new Findings();
    // Far from the seeds of the suite.
    for (let round = seed * 100_000; findings.attempts < count && !signal.aborted; round++) {
      const open = () => Promise.resolve(openSqliteStore(':memory:'));
      const outcome = await attackRepresentations({ open, seed: round, records: 24, questions: 14 });
      findings.add('answers compared', outcome.answers);
      for (const finding of outcome.findings) findings.fault(finding);
    }
    return findings;
  },
};
