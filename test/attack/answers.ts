/** Runs long versions of the tests of response time and of the response cache. */
import { compareCachedAnswers } from '../support/cached-answers.ts';
import { findGrowth } from '../support/growth.ts';
import { openEntrances } from '../support/growth-entrances.ts';
import { type Attack, Findings } from './attack.ts';

export const growth: Attack = {
  name: 'growth',
  promise: 'Every entrance reads any text in time that grows with its length and no faster.',
  count: 40,
  minutes: 1,
  async run({ seed, count, signal }) {
    const findings = new Findings();
    await using entrances = await openEntrances();
    const { tried, found } = await findGrowth(entrances.all, { seed, mixed: count, signal, enough: 20 });
    findings.add('texts', tried);
    for (const entrance of found) findings.fault(JSON.stringify(entrance));
    return findings;
  },
};

export const cachedAnswers: Attack = {
  name: 'cached-answers',
  promise: 'No tenant, role, host or preference is given the cached answer of another.',
  count: 500,
  minutes: 1,
  async run({ seed, count, signal }) {
    const findings = new Findings();
    const { asked, wrong } = await compareCachedAnswers({ seed, count, signal });
    findings.add('answers', asked);
    for (const question of wrong) findings.fault(question);
    return findings;
  },
};
