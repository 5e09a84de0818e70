import { applyRetention, type Dropped } from '../../maintain/retention/apply.ts';
import { formatTicks, parseInstant, ticksOf } from '../../base/ticks.ts';
import type { Command } from '../command.ts';
import type { Terminal } from '../../base/terminal.ts';
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import { namedOrAll } from '../named-tenants.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { CommandFailure } from '../failure.ts';
import { stoppingAfterBatch } from '../../base/stopping.ts';
import { createProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { formatCount } from '../table.ts';
import { keptFrom, timeExpected } from '../times.ts';

export const retention: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const { clock, stderr } = terminal;
  const before = beforeOf(settings, operands, clock.now());
  await using store = await openExistingStore(settings.store, clock, 'store');
  if (settings.vacuum && store.retention.vacuum === undefined)
    throw new UsageError(['--vacuum: works on sqlite: stores only. For PostgreSQL, see docs/retention.md.']);
  const tenants = await namedOrAll(read, store);
  const signal = terminal.stopSignal(stoppingAfterBatch);
  const sum: Sum = { calls: 0, logRows: 0, damagedCalls: [] };
  if (settings['dry-run']) {
    for (const tenantId of tenants)
      add(sum, { ...(await store.retention.countBefore(tenantId, before)), damagedCalls: [] });
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
    if (settings.vacuum && !signal.aborted) {
      // SQLite rewrites the file in one step, which a signal interrupts without a change.
      terminal.endAtSignal?.();
      await store.retention.vacuum?.();
    }
  }
  return show(sum, before, settings, signal.aborted, terminal);
};

interface Sum {
  calls: number;
  logRows: number;
  readonly damagedCalls: string[];
}

function add(sum: Sum, { calls, logRows, damagedCalls }: Dropped): void {
  sum.calls += calls;
  sum.logRows += logRows;
  for (const callId of damagedCalls) sum.damagedCalls.push(callId);
}

function beforeOf(settings: Settings, operands: readonly string[], now: Date): bigint {
  const problems = operands.map((operand) => `${operand}: retention takes no operands.`);
  const { before, 'keep-days': days } = settings;
  const ticks = before === undefined ? undefined : parseInstant(before);
  if ((before === undefined) === (days === undefined))
    problems.push('--keep-days: say how many days are kept, or --before which day is not.');
  if (before !== undefined && ticks === undefined) problems.push(`--before: ${timeExpected}`);
  if (ticks !== undefined && ticks > ticksOf(now))
    problems.push('--before: a time that has passed is expected.');
  if (problems.length > 0) throw new UsageError(problems);
  return ticks ?? keptFrom(days ?? 0, now);
}

function show(
  { calls, logRows, damagedCalls }: Dropped,
  before: bigint,
  settings: Settings,
  isStopped: boolean,
  { stdout }: Pick<Terminal, 'stdout'>,
): ExitCode {
  const dryRun = settings['dry-run'];
  const from = formatTicks(before);
  if (settings.json)
    stdout.write(
      `${JSON.stringify({ before: from, calls, logRows, damagedCalls: damagedCalls.length, dryRun })}\n`,
    );
  else
    stdout.write(
      `${formatCount(calls, stdout)} calls and ${formatCount(logRows, stdout)} log rows from before ${from} ${dryRun ? 'would be' : 'were'} dropped.\n`,
    );
  const problems = [
    ...(isStopped ? ['Stopped. Run the same command again to continue.'] : []),
    ...(damagedCalls.length > 0 ? damageOf(damagedCalls) : []),
  ];
  if (problems.length > 0) throw new CommandFailure(isStopped ? 'stopped' : 'failed', problems);
  return exitCodes.done;
}

/** Damaged calls that are listed; the others are counted. */
const shownDamaged = 20;

function damageOf(callIds: readonly string[]): readonly string[] {
  const named = callIds.slice(0, shownDamaged);
  const more = callIds.length - named.length;
  return [
    `${callIds.length === 1 ? '1 call is damaged in the store, and was' : `${callIds.length} calls are damaged in the store, and were`} not dropped.`,
    ...named.map((callId) => `  ${callId}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    'Restore an undamaged backup, and run the same command on it.',
  ];
}
