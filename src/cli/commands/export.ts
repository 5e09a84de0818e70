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
import { parseInstant } from '../../base/ticks.ts';
import { version } from '../../base/version.ts';
import type { Command } from '../command.ts';
import type { Terminal } from '../../base/terminal.ts';
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import { inferRolls } from '../../serve/run/infer-participants.ts';
import { FileError, fileFailure } from '../file-failure.ts';
import { CommandFailure } from '../failure.ts';
import { namedTenant } from '../named-tenants.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { stoppingAfterBatch } from '../../base/stopping.ts';
import { createProgress } from '../progress.ts';
import type { ReadSettings, Settings } from '../settings.ts';
import { formatCount } from '../table.ts';
import { timeExpected } from '../times.ts';

export const exportRecords: Command = async (read, terminal) => {
  const { settings, operands } = read;
  const problems = problemsWith(settings);
  for (const operand of operands)
    problems.push(`${operand}: export takes no paths; --out names the file to write.`);
  if (problems.length > 0) throw new UsageError(problems);
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const question = questionOf(settings, await tenantOf(read, store));
  const ended = await inferRolls(store, terminal);
  const from = await interrupted(settings, question);
  const { out } = settings;
  const total = isLog(question.what) ? undefined : (await store.evidence.tally(question.tenantId)).calls;
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

function problemsWith(settings: Settings): string[] {
  const { what, columns, out, json, delimiter, format, participant, versions } = settings;
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
    if (text !== undefined && parseInstant(text) === undefined) problems.push(`--${name}: ${timeExpected}`);
  }
  if (from !== undefined && to !== undefined && (parseInstant(from) ?? 0n) >= (parseInstant(to) ?? 1n))
    problems.push('--to: a time after --from is expected.');
  if (out === '-') problems.push('--out: leave it out to have the export on standard output.');
  if (json && out === undefined)
    problems.push('--json: standard output carries the export; name a file with --out.');
  if (delimiter !== 'comma' && format !== 'csv') problems.push('--delimiter: of --format csv alone.');
  if (isLog(what as What)) {
    if (participant !== undefined) problems.push(`--participant: rows of ${what} are not of participants.`);
    if (versions === 'all') problems.push(`--versions: rows of ${what} have no versions.`);
  }
  return problems;
}

/** Returns the named tenant, or the only one in the store. */
async function tenantOf(read: ReadSettings, store: CallRecordStore): Promise<string> {
  const named = await namedTenant(read, store);
  if (named !== undefined) return named;
  const tenants = await store.evidence.tenants();
  const [only = read.settings.tenant] = tenants;
  if (tenants.length > 1)
    throw new UsageError([`--tenant: the store holds ${tenants.length} tenants; name one.`]);
  return only;
}

const delimiters = { comma: ',', semicolon: ';', tab: '\t' } as const;

function questionOf(settings: Settings, tenantId: string): ExportQuestion {
  const { from, to } = settings;
  const delimiter = delimiters[settings.delimiter as keyof typeof delimiters]; // one of the option's choices
  return {
    tenantId,
    what: settings.what as What, // as above
    format: settings.format as ExportQuestion['format'], // likewise
    csv: { delimiter, decimal: delimiter === ';' ? ',' : '.' },
    from: from === undefined ? undefined : parseInstant(from),
    before: to === undefined ? undefined : parseInstant(to),
    participantId: settings.participant,
    allVersions: settings.versions === 'all',
    columns: settings.columns,
  };
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
  const { tenantId, what, format, csv, participantId, allVersions } = question;
  const { rows, bytes, sha256, asOf, beganDateTime, columns, damagedCalls } = exported;
  const counts = { rows, ...countsOf(exported, what), ...(!isLog(what) && { damagedCallIds: damagedCalls }) };
  const asked = {
    from: from ?? null,
    to: to ?? null,
    participant: participantId ?? null,
    versions: allVersions ? 'all' : 'newest',
    columns: columns ?? null,
    ...(format === 'csv' && csv),
  };
  const facts = { file: basename(out), bytes, sha256, tenantId, what, format, ...counts, ...asked };
  const when = { asOfEdition: asOf, beganDateTime, endedDateTime: clock.now().toISOString() };
  return `${JSON.stringify({ ...facts, ...when, rollcall: version }, null, 2)}\n`;
}

function report(settings: Settings, exported: Exported, { stdout, stderr }: Terminal): ExitCode {
  const { json, quiet, out, what } = settings;
  const { rows, items, incomplete, damaged, bytes, sha256 } = exported;
  const counts = countsOf(exported, what as What);
  if (json) stdout.write(`${JSON.stringify({ rows, ...counts, bytes, sha256 })}\n`);
  else if (!quiet) {
    const of = isLog(what as What) ? '' : ` of ${formatCount(items, stderr)} calls`;
    stderr.write(
      `${formatCount(rows, stderr)} rows${of}, ${formatCount(bytes, stderr)} bytes${out === undefined ? '' : ` in ${out}`}.\n`,
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
