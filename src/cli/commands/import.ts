import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { importSources, type Reject } from '../../ingest/import.ts';
import { findSources } from '../../ingest/sources.ts';
import type { Command } from '../command.ts';
import { exitCodes, UsageError } from '../exit.ts';
import { ImportThreads, threadsToImport } from '../import-threads.ts';
import { openStore } from '../open-store.ts';
import { createProgress } from '../progress.ts';

/** Rejected lines told on standard error; the rest are counted, and written to --rejects. */
const toldRejects = 20;

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
  const rejects = settings.rejects === undefined ? undefined : createWriteStream(settings.rejects);
  if (rejects) await once(rejects, 'open');
  let told = 0;
  const onReject = (reject: Reject) => {
    const { file, line, reason, text } = reject;
    rejects?.write(`${JSON.stringify({ file, line, reason, text: text.toString() })}\n`);
    if (++told <= toldRejects) stderr.write(`${file}:${line}: ${reason}\n`);
  };

  const sizes = sources.map((source) => source.size);
  const total = sizes.includes(undefined)
    ? undefined
    : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const progress = createProgress({ stream: stderr, quiet: settings.quiet, total, clock: clock.now });
  const begun = clock.now().getTime();
  let read = 0;
  await using reader = new ImportThreads(threadsToImport());
  const counts = await importSources(sources, {
    tenantId: settings.tenant.toLowerCase(),
    store,
    maxLineBytes: settings['max-line-mb'] * 2 ** 20,
    reader,
    signal,
    onReject,
    onRead: (bytes, records) => {
      read += bytes;
      const seconds = (clock.now().getTime() - begun) / 1000;
      progress.update(read, `${records} records, ${Math.round(records / Math.max(seconds, 0.001))}/s`);
    },
  });
  progress.end();
  if (rejects) {
    rejects.end();
    await once(rejects, 'finish');
  }
  if (told > toldRejects)
    stderr.write(`… and ${told - toldRejects} more lines were not taken. --rejects FILE writes them all.\n`);
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
