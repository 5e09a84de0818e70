import { applyRetention, type Dropped } from '../../retention/apply.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { formatTicks, parseTicks, ticksOf } from '../../text/ticks.ts';
import type { Command, Terminal } from '../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../exit.ts';
import { openStore } from '../open-store.ts';
import { createProgress } from '../progress.ts';
import type { ReadSettings, Settings } from '../settings.ts';

export const retention: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const { clock, stdout, stderr, stopped } = terminal;
  const before = beforeOf(settings, operands, clock.now());
  await using store = await openStore(settings.store, clock);
  const tenants = await tenantsOf(read, store);
  const stop = new AbortController();
  void stopped.then(() => stop.abort());
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
      add(sum, await applyRetention({ store, tenantId, before, signal: stop.signal, onDropped }));
    }
    progress.end();
  }
  return tell(sum, before, settings, stop.signal.aborted, { stdout, stderr });
};

function add(sum: { calls: number; logRows: number }, { calls, logRows }: Dropped): void {
  sum.calls += calls;
  sum.logRows += logRows;
}

const dayMs = 86_400_000;

function beforeOf(settings: Settings, operands: readonly string[], now: Date): bigint {
  const problems = operands.map((operand) => `${operand}: retention takes no operands.`);
  const { before, 'keep-days': days } = settings;
  const ticks =
    before === undefined ? undefined : parseTicks(before.includes('T') ? before : `${before}T00:00:00Z`);
  if ((before === undefined) === (days === undefined))
    problems.push('--keep-days: say how many days are kept, or --before which day is not.');
  if (before !== undefined && ticks === undefined)
    problems.push('--before: a date such as 2026-11-01, or with a time 2026-11-01T12:00Z is expected.');
  if (ticks !== undefined && ticks > ticksOf(now))
    problems.push('--before: a time that has passed is expected.');
  if (problems.length > 0) throw new UsageError(problems);
  return ticks ?? keptFrom(days ?? 0, now);
}

/** Whole days, so that what is kept does not depend on the minute it is asked in. */
export function keptFrom(days: number, now: Date): bigint {
  return ticksOf(new Date(Math.floor(now.getTime() / dayMs) * dayMs - days * dayMs));
}

/** The tenant that was named, or all there are. */
async function tenantsOf(
  { settings, origins }: ReadSettings,
  store: CallRecordStore,
): Promise<readonly string[]> {
  if (origins.get('tenant') !== 'default') return [settings.tenant.toLowerCase()];
  return [...new Set([...(await store.evidence.tenants()), ...(await store.upstream.tenants())])].sort();
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
