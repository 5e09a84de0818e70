/** Runs clients that send without end, stall, or never read, against a server with two workers. */
import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openHostile } from '../support/endless-bodies.ts';
import { childrenOf, startWorkersServer } from '../support/workers.ts';
import { type Attack, Findings } from './attack.ts';

/** Connections of each kind at a time. */
const perRound = 10;
/** How long they last before the client ends them. */
const roundMs = 3000;
/** What a server may hold beside what it held before: connections between supervisor and workers stay open. */
const mostMoreDescriptors = 20;
const stopWithinMs = 20_000;

export const endlessBodies: Attack = {
  name: 'endless-bodies',
  promise:
    'Clients that send without end leave nothing behind: no descriptor, no refused client, no late stop.',
  count: 1500,
  minutes: 2,
  async run({ count, signal }) {
    const findings = new Findings();
    await using server = await startWorkersServer({ workers: 2 });
    const pid = server.child.pid!; // it has started
    const descriptors = () =>
      [pid, ...childrenOf(pid)].reduce((sum, one) => sum + readdirSync(`/proc/${one}/fd`).length, 0);
    const before = descriptors();
    while (findings.attempts < count && !signal.aborted) {
      const hostile = openHostile(server.url, { count: perRound });
      await pause(roundMs);
      const answer = await server.get('/v1.0/communications/callRecords?$select=id');
      if (answer.status !== 200) findings.fault(`another client got ${answer.status}`);
      hostile.close();
      for (const [kind, { opened }] of Object.entries(hostile.counts)) findings.add(kind, opened);
    }
    await pause(roundMs);
    const left = descriptors() - before;
    if (left > mostMoreDescriptors) findings.fault(`${left} more descriptors than before`);
    openHostile(server.url, { count: perRound });
    const begunMs = performance.now();
    await server.stop();
    const stopMs = Math.round(performance.now() - begunMs);
    if (stopMs > stopWithinMs) findings.fault(`it stopped after ${stopMs} ms`);
    return findings;
  },
};
