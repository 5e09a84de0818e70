import { importSources } from '../../ingest/import.ts';
import { findSources } from '../../ingest/sources.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../exit.ts';
import { openStore } from '../open-store.ts';
import { createProgress } from '../progress.ts';
import { Rejects } from '../rejects.ts';

export const importRecords: Command = async (
  { settings, operands },
  { stdin, stdout, stderr, clock, stopSignal },
) => {
  if (operands.length === 0)
    throw new UsageError(['PATH…: name the files or folders to import, or - for standard input.']);
  const { sources, missing } = await findSources(operands, stdin);
  if (missing.length > 0)
    throw new UsageError(
      missing.map((path) => `${path}: there is no such file or folder, or it may not be read.`),
    );
  const signal = stopSignal();
  signal.addEventListener('abort', () => stdin.destroy()); // it may be waited for
  await using store = await openStore(settings.store, clock);
  await using rejects = await Rejects.open({ path: settings.rejects, stderr, signal });
  const sizes = sources.map((source) => source.size);
  const total = sizes.includes(undefined)
    ? undefined
    : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const progress = createProgress({ stream: stderr, quiet: settings.quiet, total, clock: clock.now });
  const begun = clock.now().getTime();
  let read = 0;
  const counts = await importSources(sources, {
    tenantId: settings.tenant.toLowerCase(),
    store,
    maxLineBytes: settings['max-line-mb'] * 2 ** 20,
    signal,
    onReject: (reject) => rejects.take(reject),
    onRead: (bytes, records) => {
      read += bytes;
      const seconds = (clock.now().getTime() - begun) / 1000;
      progress.update(read, `${records} records, ${Math.round(records / Math.max(seconds, 0.001))}/s`);
    },
  });
  progress.end();
  await rejects.end();
  stdout.write(
    settings.json
      ? `${JSON.stringify(counts)}\n`
      : `${counts.records} records with ${counts.participants} participants and ${counts.sessions} sessions: ` +
          `${counts.newVersions} new versions, ${counts.unchanged} unchanged, ${counts.rejected} lines rejected.\n`,
  );
  if (signal.aborted) {
    stderr.write('Stopped. The same command takes what is not there yet.\n');
    return exitCodes.failed;
  }
  return counts.rejected > 0 ? exitCodes.incomplete : exitCodes.done;
};
