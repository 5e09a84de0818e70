import { applyRetention, type Dropped } from '../../retention/apply.ts';
import { formatTicks, ticksOf } from '../../text/ticks.ts';
import type { Command, Terminal } from '../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { namedOrAll } from '../named-tenants.ts';
import { openExistingStore } from '../open-store.ts';
import { createProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { keptFrom, ticksOfTime, timeExpected } from '../times.ts';

export const retention: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const { clock, stdout, stderr } = terminal;
  const before = beforeOf(settings, operands, clock.now());
  await using store = await openExistingStore(settings.store, clock, 'store');
  if (settings.vacuum && store.retention.vacuum === undefined)
    throw new UsageError(['--vacuum: of a sqlite: store. docs/retention.md says what PostgreSQL needs.']);
  const tenants = await namedOrAll(read, store);
  const signal = terminal.stopSignal();
  const sum = { calls: 0, logRows: 0 };
  if (settings['dry-run']) {
    for (const tenantId of tenants) add(sum, await store.retention.countBefore(tenantId, before));
  } else {
    let total = 0;
    for (const tenantId of tenants) total += (await store.retention.countBefore(tenantId, before)).calls;
    const progress = createProgress({ stream: stderr, quiet: settings.quiet, total, clock: clock.now });
    for (const tenantId of tenants) {
      const done = sum.calls;
      const onDropped = (calls: number) => progress.update(done + calls, `${done + calls} calls dropped`);
      add(sum, await applyRetention({ store, tenantId, before, signal, onDropped }));
    }
    progress.end();
    if (settings.vacuum && !signal.aborted) await store.retention.vacuum?.();
  }
  return tell(sum, before, settings, signal.aborted, { stdout, stderr });
};

function add(sum: { calls: number; logRows: number }, { calls, logRows }: Dropped): void {
  sum.calls += calls;
  sum.logRows += logRows;
}

function beforeOf(settings: Settings, operands: readonly string[], now: Date): bigint {
  const problems = operands.map((operand) => `${operand}: retention takes no operands.`);
  const { before, 'keep-days': days } = settings;
  const ticks = before === undefined ? undefined : ticksOfTime(before);
  if ((before === undefined) === (days === undefined))
    problems.push('--keep-days: say how many days are kept, or --before which day is not.');
  if (before !== undefined && ticks === undefined) problems.push(`--before: ${timeExpected}`);
  if (ticks !== undefined && ticks > ticksOf(now))
    problems.push('--before: a time that has passed is expected.');
  if (problems.length > 0) throw new UsageError(problems);
  return ticks ?? keptFrom(days ?? 0, now);
}

function tell(
  { calls, logRows }: Dropped,
  before: bigint,
  settings: Settings,
  isStopped: boolean,
  { stdout, stderr }: Pick<Terminal, 'stdout' | 'stderr'>,
): ExitCode {
  const dryRun = settings['dry-run'];
  const from = formatTicks(before);
  if (settings.json) stdout.write(`${JSON.stringify({ before: from, calls, logRows, dryRun })}\n`);
  else
    stdout.write(
      `${calls} calls and ${logRows} rows of logs from before ${from} ${dryRun ? 'would be' : 'were'} dropped.\n`,
    );
  if (isStopped) stderr.write('Stopped. The same command goes on where it is.\n');
  return isStopped ? exitCodes.failed : exitCodes.done;
}
