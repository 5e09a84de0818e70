/** Stops a PostgreSQL server repeatedly while a server answers requests from it. */
import { attackByOutages, type OutageCounts } from '../support/server-outages.ts';
import { type Attack, Findings } from './attack.ts';

/** Of one pair of servers; then the next pair begins, with another number of workers. */
const outagesPerPair = 10;

export const postgresOutages: Attack = {
  name: 'postgres',
  promise:
    'While a PostgreSQL server is killed, restarted, frozen and replaced, every answer is right or 503, none hangs, and nothing acknowledged is lost.',
  count: 40,
  minutes: 2,
  async run({ seed, count, signal }) {
    const findings = new Findings();
    for (let done = 0, pair = 0; done < count && !signal.aborted; pair++) {
      const rounds = Math.min(outagesPerPair, count - done) - 1;
      done += rounds + 1;
      const workers = pair % 2 === 0 ? 0 : 2;
      take(findings, await attackByOutages({ seed: seed + pair, rounds, workers, signal }));
    }
    return findings;
  },
};

function take(findings: Findings, { outages, wrong, lost, ...counts }: OutageCounts): void {
  for (const [kind, count] of Object.entries(outages)) findings.add(`servers ${kind}`, count);
  findings.add('right answers', counts.right);
  findings.add('503 and the like', counts.refused);
  findings.add('acknowledged additions', counts.acknowledged);
  for (const one of wrong) findings.fault(`wrong: ${one}`);
  for (const id of lost) findings.fault(`lost: ${id}`);
  for (let i = 0; i < counts.hung; i++) findings.fault('a request without an end');
}
