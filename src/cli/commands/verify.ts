import { stateWords } from '../../contract/completeness-words.ts';
import { printable, printableJson } from '../../base/printable.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreReadOnly } from '../../store/store-errors.ts';
import { withFewGaps } from '../../maintain/verify/last-report.ts';
import { type ListedHours, listedHours } from '../../maintain/verify/listings.ts';
import { sumOf, type TotalReport, verifyTenant, type VerifiedReport } from '../../maintain/verify/report.ts';
import type { Command } from '../command.ts';
import type { Terminal } from '../../base/terminal.ts';
import { type ExitCode, exitCodes } from '../../base/exit.ts';
import { inferRolls } from '../../serve/run/infer-participants.ts';
import { namedOrAll } from '../named-tenants.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { createProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';
import { colored, formatCount } from '../table.ts';
import { problemLine, problemsOf, type VerifyProblem } from '../verify-problems.ts';

export const verify: Command = async (read, terminal) => {
  const { settings } = read;
  const { stdout, clock } = terminal;
  await using store = await openExistingStore(settings.store, clock, 'store');
  const ended = await inferRolls(store, terminal);
  const tenants = await namedOrAll(read, store);
  const { report: found, damagedCalls } = await verifyAll(store, tenants, settings, terminal);
  const report = { ...found, ...(await listedHours(store, tenants)) };
  const problems = problemsOf(report, damagedCalls);
  stdout.write(settings.json ? jsonOf(report, problems) : inWords(report, problems, terminal));
  return ended(exitOf(report, settings));
};

type PrintedReport = TotalReport & ListedHours;

async function verifyAll(
  store: CallRecordStore,
  tenants: readonly string[],
  { quiet }: Settings,
  { stderr, clock }: Terminal,
): Promise<{ readonly report: TotalReport; readonly damagedCalls: readonly string[] }> {
  let total = 0;
  for (const tenantId of tenants) total += (await store.evidence.tally(tenantId)).calls;
  const { now } = clock;
  const progress = createProgress({ stream: stderr, quiet, total, clock: now });
  const begun = now().getTime();
  let read = 0;
  const onRead = (calls: number) => {
    read += calls;
    const seconds = (now().getTime() - begun) / 1000;
    progress.update(read, `${read} calls, ${Math.round(read / Math.max(seconds, 0.001))}/s`);
  };
  const engineFaults = await store.evidence.engineFaults();
  const reports: VerifiedReport[] = [];
  for (const tenantId of tenants) {
    const report = await verifyTenant(store, tenantId, { clock, onRead, engineFaults });
    const found = { endedMs: report.basis.endedMs, report: JSON.stringify(withFewGaps(report)) };
    try {
      await store.evidence.keepVerification(tenantId, found);
    } catch (error) {
      // A read-only store can be verified.
      if (!(error instanceof StoreReadOnly)) throw error;
      stderr.write(`The result is not kept for doctor and the metrics. ${error.message}\n`);
    }
    reports.push(report);
  }
  progress.end();
  const damagedCalls = reports.flatMap(({ basis }) => basis.damagedCalls);
  return { report: sumOf(reports, engineFaults), damagedCalls };
}

function exitOf(
  { records, corrupt, incomplete, gapCount, named }: TotalReport,
  { 'allow-empty': allowsEmpty }: Settings,
): ExitCode {
  if (corrupt > 0) return exitCodes.failed;
  // An empty store does not pass: nothing was checked.
  const isEmpty = records === 0 && !allowsEmpty;
  return isEmpty || incomplete > 0 || gapCount > 0 || named.larger > 0
    ? exitCodes.incomplete
    : exitCodes.done;
}

function jsonOf(report: PrintedReport, problems: readonly VerifyProblem[]): string {
  const shown = Object.entries(report).filter(([name]) => name !== 'named');
  return `${printableJson({ ...Object.fromEntries<unknown>(shown), problems })}\n`;
}

/** Problems printed; the rest are counted. */
const shownProblems = 20;

function inWords(
  report: PrintedReport,
  problems: readonly VerifyProblem[],
  { stdout, clock: { now } }: Terminal,
): string {
  const count = (number: number) => formatCount(number, stdout);
  const {
    records,
    versions,
    participants,
    incomplete,
    missingParticipants,
    gapCount,
    odd,
    oddCalls,
    quarantined,
    named,
    corrupt,
    countsCompared,
  } = report;
  const total = Math.max(problems.length, gapCount + quarantined + oddCalls);
  const lines = [
    `${count(records)} ${records === 1 ? 'call' : 'calls'} in ${count(versions)} ${versions === 1 ? 'version' : 'versions'} with ${count(participants)} ${participants === 1 ? 'participant' : 'participants'}, verified ${now().toISOString()}.`,
    ...(records === 0 ? ['No calls are stored: nothing was checked. --allow-empty accepts that.'] : []),
    ...(corrupt === 0
      ? records === 0
        ? []
        : ['Every checksum of these calls agrees with the stored data, and every index entry with its call.']
      : [
          `${corrupt} parts are damaged: their checksums do not match. Restore the store from a backup, or import or sync the calls into a new one.`,
        ]),
    ...(countsCompared
      ? []
      : [
          'The stored counts were not compared with the calls: some calls were added, dropped or could not be read. Run verify again when no process writes to the store.',
        ]),
    ...(incomplete === 0
      ? []
      : [incomplete === 1 ? '1 call is incomplete.' : `${incomplete} calls are incomplete.`]),
    ...(missingParticipants === 0
      ? []
      : [
          `${missingParticipants} participants are missing from the lists received and were inferred: serve shows them, marked (--participants reconciled).`,
        ]),
    ...(quarantined === 0
      ? []
      : [
          `${countOf(quarantined, 'piece was', 'pieces were')} set aside, ${named.larger} of them larger than an entry of a call.`,
        ]),
    ...(odd === 0
      ? []
      : [`${countOf(odd, 'mark', 'marks')} of odd values in ${countOf(oddCalls, 'call', 'calls')}.`]),
    ...problems.slice(0, shownProblems).map((problem) => printable(problemLine(problem))),
    ...(total > shownProblems ? [`… and ${total - shownProblems} more: --json names them.`] : []),
    ...stateLines(report, stdout),
  ];
  return `${lines.join('\n')}\n`;
}

function countOf(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const stateColors = { verified: 'green', unverified: 'yellow', missing: 'red' } as const;

function stateLines(
  { calls, hours, listedFromDateTime, listedToDateTime }: PrintedReport,
  stdout: Terminal['stdout'],
): readonly string[] {
  const word = (state: keyof typeof stateColors) =>
    colored(state, { text: state, color: stateColors[state] }, stdout);
  return [
    `Calls: ${word(calls.state)}. ${stateWords[calls.reason]}`,
    `Hours: ${word(hours.state)}${hours.state === 'verified' ? `, listed ${hours.sinceDateTime}` : ''}. ${stateWords[hours.reason]}`,
    ...(listedFromDateTime === null
      ? []
      : [
          `Sync listed calls that began from ${listedFromDateTime} to ${listedToDateTime}: other times are not proved.`,
        ]),
  ];
}
