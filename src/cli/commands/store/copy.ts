import { type CopyReport, copyStore } from '../../../maintain/transfer/copy-store.ts';
import { CopyRefused } from '../../../maintain/transfer/copy-note.ts';
import type { Terminal } from '../../../base/terminal.ts';
import type { Command } from '../../command.ts';
import { type ExitCode, exitCodes, UsageError } from '../../../base/exit.ts';
import { tuneGc } from '../../../base/gc-tuning.ts';
import { openExistingStore, openStore } from '../../../store/open-store.ts';
import { storeUrl } from '../../options/option.ts';
import { CommandFailure } from '../../failure.ts';
import { stoppingAfterBatch } from '../../../base/stopping.ts';
import { createProgress } from '../../progress.ts';
import type { Settings } from '../../settings.ts';

export const storeCopy: Command = async ({ settings, operands }, terminal) => {
  const problems = operands.map((operand) => `${operand}: store copy takes no operands but --from and --to.`);
  const urlOf = (name: 'from' | 'to') => {
    const url = settings[name];
    if (url === undefined) problems.push(`--${name}: name a store.`);
    else if (!storeUrl.form.test(url)) problems.push(`--${name}: ${storeUrl.says} is expected.`);
    else if (url === 'memory:')
      problems.push(`--${name}: memory: keeps nothing; name a sqlite: or postgres: store.`);
    return url ?? '';
  };
  const [fromUrl, toUrl] = [urlOf('from'), urlOf('to')];
  if (fromUrl !== '' && fromUrl === toUrl) problems.push('--to: it is the store that --from names.');
  if (problems.length > 0) throw new UsageError(problems);
  const { clock, stderr } = terminal;
  await using from = await openExistingStore(fromUrl, clock, 'from');
  await using to = await openStore(toUrl, clock);
  tuneGc();
  const signal = terminal.stopSignal(stoppingAfterBatch);
  const progress = createProgress({
    stream: stderr,
    quiet: settings.quiet,
    total: undefined,
    clock: clock.now,
  });
  try {
    const report = await copyStore({
      ...{ from, to, signal },
      onProgress: (doing, calls, total) => progress.update(calls, doing, total),
    });
    progress.end();
    return show(report, settings, terminal);
  } catch (error) {
    progress.end();
    if (error instanceof CopyRefused) throw new UsageError([error.message]);
    if (!signal.aborted) throw error;
    throw new CommandFailure('stopped', [stopped]);
  }
};

const stopped = 'Stopped. Run the same command again to continue.';

function show({ listed, ...report }: CopyReport, { json }: Settings, { stdout, stderr }: Terminal): ExitCode {
  const { calls, editions, copied, rows, checksum, differences, grown } = report;
  stdout.write(
    json
      ? `${JSON.stringify(report)}\n`
      : `${calls} calls in ${editions} editions, ${copied} of them copied now, and ${rows} rows besides.\n` +
          (differences === 0 ? `What was copied is the same in both: ${checksum}\n` : ''),
  );
  if (differences > 0)
    throw new CommandFailure('failed', [
      ...listed,
      ...(differences > listed.length ? [`… and ${differences - listed.length} more.`] : []),
      'The stores differ. Empty the target and start again. rollcall verify checks the source for damage.',
    ]);
  if (!grown) return exitCodes.done;
  stderr.write(
    'Another process wrote to the source meanwhile. Run the same command again to copy the rest.\n',
  );
  return exitCodes.incomplete;
}
