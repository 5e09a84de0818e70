import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  type Checkpoint,
  type Destination,
  fileDestination,
  manifestOf,
  partOf,
  readCheckpoint,
  replace,
  streamDestination,
} from '../../export/destination.ts';
import { allColumns, askedOf, type Exported, type ExportQuestion, exportTo } from '../../export/export.ts';
import { isLog, type What } from '../../export/what.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { formatTicks, parseInstant } from '../../base/ticks.ts';
import { version } from '../../base/version.ts';
import type { Command } from '../command.ts';
import type { Terminal } from '../../base/terminal.ts';
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import { inferRolls } from '../../serve/run/infer-participants.ts';
import { FileError, fileFailure } from '../file-failure.ts';
import { CommandFailure } from '../failure.ts';
import { withSearchIndex } from '../calls/search-index.ts';
import { exportedCalls } from '../calls/exported-calls.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { stoppingAfterBatch } from '../../base/stopping.ts';
import { createProgress } from '../progress.ts';
import type { ReadSettings, Settings } from '../settings.ts';
import { formatCount } from '../table.ts';
import { emptySpan, parseTime, spanExpected } from '../times.ts';

export const exportRecords: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const problems = problemsWith(settings, terminal.clock.now());
  for (const operand of operands)
    problems.push(`${operand}: export takes no paths; --out names the file to write.`);
  if (problems.length > 0) throw new UsageError(problems);
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const question = await withSearchIndex(store, settings.quiet, terminal, () =>
    questionOf(read, store, terminal.clock.now()),
  );
  const ended = await inferRolls(store, terminal);
  const from = await interrupted(settings, question);
  const { out } = settings;
  const total = await totalOf(question, store);
  const destination =
    out === undefined
      ? streamDestination(terminal.stdout, terminal.stopSignal(stoppingAfterBatch))
      : await open(out, from);
  const exported = await runExport(settings, terminal, store, { question, destination, from, total });
  if (out !== undefined)
    await replace(manifestOf(out), manifest(settings, question, exported, terminal)).catch(
      (error: unknown) => {
        throw fileFailure(error, `Could not write '${manifestOf(out)}', the file itself is complete`);
      },
    );
  return ended(report(settings, exported, terminal));
};

function problemsWith(settings: Settings, now: Date): string[] {
  const { what, columns, out, json, delimiter, format, participant, call, versions } = settings;
  const problems: string[] = [];
  const known = allColumns(what as What).map(({ name }) => name);
  for (const name of columns ?? []) {
    if (!known.includes(name))
      problems.push(`--columns: ${what} has no column '${name}'. There are ${known.join(', ')}.`);
  }
  const repeated = columns?.find((name, i, all) => all.indexOf(name) < i);
  if (repeated !== undefined) problems.push(`--columns: '${repeated}' is named twice. Name it once.`);
  const { from, to } = settings;
  for (const [name, text] of Object.entries({ from, to })) {
    if (text !== undefined && parseTime(text, now) === undefined) problems.push(`--${name}: ${spanExpected}`);
  }
  if (from !== undefined && to !== undefined && (parseTime(from, now) ?? 0n) >= (parseTime(to, now) ?? 1n))
    problems.push(emptySpan);
  if (call !== undefined)
    for (const [name, value] of Object.entries({ from, to, participant }))
      if (value !== undefined)
        problems.push(`--${name}: --call names the calls already. Leave one of them out.`);
  if (out === '-') problems.push('--out: leave it out to have the export on standard output.');
  if (json && out === undefined)
    problems.push('--json: standard output carries the export; name a file with --out.');
  if (delimiter !== 'comma' && format !== 'csv') problems.push('--delimiter: of --format csv alone.');
  if (isLog(what as What)) {
    if (participant !== undefined) problems.push(`--participant: rows of ${what} are not of participants.`);
    if (call !== undefined)
      problems.push(`--call: rows of ${what} are not selected by call. Use --from and --to.`);
    if (versions === 'all') problems.push(`--versions: rows of ${what} have no versions.`);
  }
  return problems;
}

const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const;

async function questionOf(read: ReadSettings, store: CallRecordStore, now: Date): Promise<ExportQuestion> {
  const { settings } = read;
  const { from, to } = settings;
  const delimiter = delimiters[settings.delimiter as keyof typeof delimiters]; // one of the option's choices
  return {
    ...(await exportedCalls(read, store)),
    what: settings.what as What, // as above
    format: settings.format as ExportQuestion['format'], // likewise
    csv: { delimiter, decimal: delimiter === ';' ? ',' : '.' },
    from: from === undefined ? undefined : parseTime(from, now),
    before: to === undefined ? undefined : parseTime(to, now),
    participantId: settings.participant,
    allVersions: settings.versions === 'all',
    columns: settings.columns,
  };
}

/** Returns how many calls are exported at most; `undefined` for a log. */
async function totalOf(
  { what, tenantId, callIds }: ExportQuestion,
  store: CallRecordStore,
): Promise<number | undefined> {
  if (isLog(what)) return undefined;
  return callIds?.length ?? (await store.evidence.tally(tenantId)).calls;
}

async function interrupted(
  { out, overwrite }: Settings,
  question: ExportQuestion,
): Promise<Checkpoint | undefined> {
  if (out === undefined) return undefined;
  const there = await statOrNone(out);
  if (there?.isDirectory()) throw new UsageError([`--out: '${out}' is a folder; name a file in it.`]);
  if (there !== undefined && !overwrite)
    throw new UsageError([`--out: '${out}' is there already; --overwrite replaces it.`]);
  const checkpoint = await readCheckpoint(out);
  if (checkpoint !== undefined && checkpoint.asked !== askedOf(question))
    throw new UsageError([
      `--out: '${partOf(out)}' belongs to another export that was interrupted. Run that export again to continue it, or delete the file.`,
    ]);
  return checkpoint;
}

/** Returns the file's status, or `undefined` when it does not exist; other errors are thrown. */
async function statOrNone(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw outOfUse(error, `--out: Could not access '${path}'`);
  }
}

async function open(out: string, from: Checkpoint | undefined): Promise<Destination> {
  try {
    return await fileDestination(out, from);
  } catch (error) {
    throw outOfUse(error, `--out: Could not open '${partOf(out)}'`);
  }
}

function outOfUse(error: unknown, what: string): unknown {
  const failure = fileFailure(error, what);
  return failure instanceof FileError ? new UsageError([failure.message]) : failure;
}

/**
 * Runs the export and shows its progress. @throws CommandFailure when it was stopped; FileError when the file cannot be
 * written
 */
async function runExport(
  { quiet, out, what }: Settings,
  { stderr, clock, stopSignal }: Terminal,
  store: CallRecordStore,
  {
    total,
    ...parts
  }: {
    question: ExportQuestion;
    destination: Destination;
    from: Checkpoint | undefined;
    total: number | undefined;
  },
): Promise<Exported> {
  const { destination, from } = parts;
  const progress = createProgress({ stream: stderr, quiet, total, clock: clock.now });
  if (from !== undefined && !quiet)
    stderr.write(`Going on after ${from.bytes} bytes of ${partOf(out ?? '')}.\n`);
  const signal = stopSignal(stoppingAfterBatch);
  try {
    return await exportTo({
      store,
      ...parts,
      beganDateTime: clock.now().toISOString(),
      signal,
      onPage: (items) => progress.update(items, `${items} ${isLog(what as What) ? 'rows' : 'calls'}`),
    });
  } catch (error) {
    await destination.abandon();
    const goesOn = out === undefined ? '' : ' Run the same command again to continue.';
    if (!signal.aborted) {
      const failure = fileFailure(error, `Could not write '${partOf(out ?? '')}'`);
      if (!(failure instanceof FileError)) throw failure;
      throw new FileError(`${failure.message}${goesOn}`, { cause: error });
    }
    throw new CommandFailure('stopped', [`Stopped.${goesOn}`]);
  } finally {
    progress.end();
  }
}

function manifest(
  { out = '', from, to }: Settings,
  question: ExportQuestion,
  exported: Exported,
  { clock }: Terminal,
): string {
  const { tenantId, what, format, csv, participantId, callIds, allVersions } = question;
  const { rows, bytes, sha256, asOf, beganDateTime, columns, damagedCalls } = exported;
  const counts = { rows, ...countsOf(exported, what), ...(!isLog(what) && { damagedCallIds: damagedCalls }) };
  const asked = {
    from: timeIn(from, question.from),
    to: timeIn(to, question.before),
    participant: participantId ?? null,
    ...(callIds !== undefined && { callIds }),
    versions: allVersions ? 'all' : 'newest',
    columns: columns ?? null,
    ...(format === 'csv' && csv),
  };
  const facts = { file: basename(out), bytes, sha256, tenantId, what, format, ...counts, ...asked };
  const when = { asOfEdition: asOf, beganDateTime, endedDateTime: clock.now().toISOString() };
  return `${JSON.stringify({ ...facts, ...when, rollcall: version }, null, 2)}\n`;
}

/** Returns a time as it was given; a relative one as the time that it meant. */
function timeIn(text: string | undefined, ticks: bigint | undefined): string | null {
  if (text === undefined || ticks === undefined) return null;
  return parseInstant(text) === undefined ? formatTicks(ticks) : text;
}

function report(settings: Settings, exported: Exported, { stdout, stderr }: Terminal): ExitCode {
  const { json, quiet, out, what } = settings;
  const { rows, items, incomplete, damaged, bytes, sha256 } = exported;
  const counts = countsOf(exported, what as What);
  const counted = (number: number, thing: string) =>
    `${formatCount(number, stderr)} ${thing}${number === 1 ? '' : 's'}`;
  if (json) stdout.write(`${JSON.stringify({ rows, ...counts, bytes, sha256 })}\n`);
  else if (!quiet) {
    const of = isLog(what as What) ? '' : ` of ${counted(items, 'call')}`;
    stderr.write(
      `${counted(rows, 'row')}${of}, ${formatCount(bytes, stderr)} bytes${out === undefined ? '' : ` in ${out}`}.\n`,
    );
  }
  if (incomplete > 0 && !quiet) {
    const calls = incomplete === 1 ? '1 call is' : `${incomplete} calls are`;
    stderr.write(`${calls} incomplete: rollcall verify names what is missing.\n`);
  }
  if (damaged > 0) throw new CommandFailure('failed', damageOf(exported, settings));
  return incomplete > 0 ? exitCodes.incomplete : exitCodes.done;
}

function countsOf({ items, incomplete, damaged }: Exported, what: What) {
  return isLog(what)
    ? { damagedRows: damaged }
    : { calls: items, incompleteCalls: incomplete, damagedCalls: damaged };
}

/** Damaged calls listed on standard error; the manifest lists more. */
const shownDamaged = 20;

function damageOf({ damaged, damagedCalls }: Exported, { out, what }: Settings): readonly string[] {
  const things = isLog(what as What) ? 'rows' : 'calls';
  const named = damagedCalls.slice(0, shownDamaged).map((callId) => `  ${callId}`);
  const more = damaged - named.length;
  const rest =
    out === undefined || damagedCalls.length <= shownDamaged ? '' : `: ${manifestOf(out)} names them`;
  return [
    `${damaged} ${things} are damaged in the store, and are not in the export.`,
    ...named,
    ...(named.length > 0 && more > 0 ? [`  and ${more} more${rest}`] : []),
    'Run rollcall verify, restore an undamaged backup, and export again.',
  ];
}
