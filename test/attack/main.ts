/**
 * `npm run attack`: the long versions of the tests of what Rollcall promises under attack. Prints a line for each attack
 * with its counts; docs/reliability.md keeps them. Exits 1 when a promise was broken, or when nothing was tried.
 *
 *     npm run attack [-- --only NAME] [-- --seed N] [-- --scale FACTOR] [-- --json]
 */
import { parseArgs } from 'node:util';
import type { Attack, Findings } from './attack.ts';
import { attacks } from './attacks.ts';

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    /** Of counts and minutes. */
    scale: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const seed = wholeNumber('seed', flags.seed);
const leastMinutes = 2;
const scale = Number(flags.scale);
if (!(scale > 0)) fail(`--scale '${flags.scale}' is not a positive number.`);
const chosen = attacks.filter(({ name }) => flags.only === undefined || name === flags.only);
if (chosen.length === 0) {
  fail(`No attack is named '${flags.only ?? ''}'. There are: ${attacks.map(({ name }) => name).join(', ')}.`);
}

let isBroken = false;
for (const attack of chosen) {
  const begunMs = performance.now();
  const findings = await runOne(attack);
  const seconds = Math.round((performance.now() - begunMs) / 1000);
  const isSound = findings.faultCount === 0 && findings.attempts > 0;
  isBroken ||= !isSound;
  report(attack, findings, isSound, seconds);
}
process.exitCode = isBroken ? 1 : 0;

/** A run of fewer inputs has as much time to start its servers, on a busy machine. */
function minutesOf({ minutes }: Attack): number {
  return scale >= 1 ? minutes * scale : Math.max(leastMinutes, minutes * scale);
}

async function runOne(attack: Attack): Promise<Findings> {
  return attack.run({
    seed,
    count: Math.max(1, Math.round(attack.count * scale)),
    signal: AbortSignal.timeout(minutesOf(attack) * 60_000),
  });
}

function report(attack: Attack, { counts, faults, faultCount }: Findings, isSound: boolean, seconds: number) {
  if (flags.json) {
    console.log(
      JSON.stringify({ name: attack.name, seed, isSound, seconds, counts, faultCount, faults: [...faults] }),
    );
    return;
  }
  const figures = Object.entries(counts).map(([name, count]) => `${count.toLocaleString('en')} ${name}`);
  console.log(`${isSound ? 'holds ' : 'BROKEN'} ${attack.name} (${seconds} s): ${attack.promise}`);
  console.log(`       ${figures.length === 0 ? 'nothing was tried' : figures.join(', ')}`);
  for (const fault of faults) console.log(`       fault: ${fault}`);
  if (faultCount > faults.length) console.log(`       and ${faultCount - faults.length} more faults`);
}

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) fail(`--${name} '${text}' is not a whole number.`);
  return Number(text);
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
