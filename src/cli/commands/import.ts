import { type ImportCounts, importSources } from '../../collect/ingest/import.ts';
import { findSources, type PassedOver } from '../../collect/ingest/sources.ts';
import type { Terminal } from '../../base/terminal.ts';
import type { Command } from '../command.ts';
import { formatTable } from '../table.ts';
import { exitCodes, UsageError } from '../../base/exit.ts';
import { CommandFailure } from '../failure.ts';
import { ImportProblems } from '../import-problems.ts';
import { openStore } from '../../store/open-store.ts';
import { stoppingAfterBatch } from '../../base/stopping.ts';
import { createProgress } from '../progress.ts';
import { Rejects } from '../rejects.ts';

export const importRecords: Command = async (
  { settings, operands },
  { stdin, stdout, stderr, clock, stopSignal },
) => {
  if (operands.length === 0)
    throw new UsageError(['PATH…: name the files or folders to import, or - for standard input.']);
  const { sources, missing, empty, passedOver } = await findSources(operands, stdin);
  if (missing.length > 0 || empty.length > 0)
    throw new UsageError([
      ...missing.map((path) => `${path}: there is no such file or folder, or this user may not read it.`),
      ...empty.map((path) => nothingIn(path, passedOver)),
    ]);
  const signal = stopSignal(stoppingAfterBatch);
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
  const problems = new ImportProblems(stderr);
  const counts = await importSources(sources, {
    tenantId: settings.tenant.toLowerCase(),
    store,
    maxLineBytes: settings['max-line-mb'] * 2 ** 20,
    signal,
    onReject: (reject) => {
      problems.rejected(reject);
      return rejects.take(reject);
    },
    onProblem: (problem) => problems.take(problem),
    onRead: (bytes, records) => {
      read += bytes;
      const seconds = (clock.now().getTime() - begun) / 1000;
      progress.update(read, `${records} records, ${Math.round(records / Math.max(seconds, 0.001))}/s`);
    },
  });
  progress.end();
  await rejects.end();
  for (const folder of passedOver) problems.passedOver(folder);
  problems.end();
  const passedOverFiles = passedOver.reduce((sum, { count }) => sum + count, 0);
  const all = { ...counts, passedOver: passedOverFiles };
  stdout.write(
    settings.json ? `${JSON.stringify({ ...all, problems: problems.listed })}\n` : summary(all, stdout),
  );
  if (signal.aborted)
    throw new CommandFailure('stopped', ['Stopped. Run the same command again to import the rest.']);
  const { rejected, markedCalls, markedRows, setAside, missingPages, missingLists } = counts;
  const isWhole =
    rejected + markedCalls + markedRows + setAside + missingPages + missingLists + passedOverFiles === 0;
  return isWhole ? exitCodes.done : exitCodes.incomplete;
};

function summary(counts: ImportCounts & { readonly passedOver: number }, stdout: Terminal['stdout']): string {
  const { rejected, rejectedLines } = counts;
  const rows: readonly (readonly [label: string, count: number])[] = [
    ['Records', counts.records],
    ['Participants', counts.participants],
    ['Sessions', counts.sessions],
    ['New versions', counts.newVersions],
    ['Unchanged', counts.unchanged],
    ['Rejected', rejected],
  ];
  const more: typeof rows = [
    ['Rejected lines', rejectedLines > rejected ? rejectedLines : 0],
    ['Log rows', counts.logRows],
    ['Calls with odd values', counts.markedCalls],
    ['Log rows with odd values', counts.markedRows],
    ['Entries in quarantine', counts.setAside],
    ['Lists with missing pages', counts.missingPages],
    ['Lists not received', counts.missingLists],
    ['Files skipped', counts.passedOver],
  ];
  return formatTable([...rows, ...more.filter(([, count]) => count > 0)], stdout);
}

function nothingIn(path: string, passedOver: readonly PassedOver[]): string {
  const others = passedOver.find(({ folder }) => folder === path);
  const names =
    others === undefined
      ? 'It is empty'
      : `It holds ${others.names.join(', ')}${others.count > others.names.length ? ', …' : ''}`;
  return `${path}: nothing in this folder can be imported. ${names}. From a folder, import reads .json, .jsonl and .ndjson files, also compressed (.gz, .zst). Name a file as PATH to import it under any name.`;
}
