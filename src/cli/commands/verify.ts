import type { Clock } from '../../clock.ts';
import { stateWords } from '../../model/completeness-words.ts';
import { printable, printableJson } from '../../printable.ts';
import { type CallRecordStore, StoreReadOnly } from '../../store/store.ts';
import type { Gap } from '../../verify/gaps.ts';
import { withFewGaps } from '../../verify/last-report.ts';
import { sumOf, type TotalReport, verifyTenant, type VerifiedReport } from '../../verify/report.ts';
import type { Command, Terminal } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { inferRolls } from '../infer-rolls.ts';
import { namedOrAll } from '../named-tenants.ts';
import { openExistingStore } from '../open-store.ts';
import { createProgress } from '../progress.ts';
import type { Settings } from '../settings.ts';

export const verify: Command = async (read, terminal) => {
  const { settings } = read;
  const { stdout, clock } = terminal;
  await using store = await openExistingStore(settings.store, clock, 'store');
  const ended = await inferRolls(store, terminal);
  const report = await verifyAll(store, await namedOrAll(read, store), settings, terminal);
  stdout.write(settings.json ? `${printableJson(report)}\n` : inWords(report, clock));
  return ended(exitOf(report, settings));
};

async function verifyAll(
  store: CallRecordStore,
  tenants: readonly string[],
  { quiet }: Settings,
  { stderr, clock }: Terminal,
): Promise<TotalReport> {
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
      // A store that cannot be written can be verified.
      if (!(error instanceof StoreReadOnly)) throw error;
      stderr.write(`The result is not kept for doctor and the metrics. ${error.message}\n`);
    }
    reports.push(report);
  }
  progress.end();
  return sumOf(reports, engineFaults);
}

function exitOf(
  { records, corrupt, incomplete, gapCount }: TotalReport,
  { 'allow-empty': allowsEmpty }: Settings,
): ExitCode {
  if (corrupt > 0) return exitCodes.failed;
  // Where nothing was checked, nothing was found to be sound.
  const isEmpty = records === 0 && !allowsEmpty;
  return isEmpty || incomplete > 0 || gapCount > 0 ? exitCodes.incomplete : exitCodes.done;
}

/** Gaps written out; the rest are counted. */
const toldGaps = 20;

function inWords(report: TotalReport, { now }: Clock): string {
  const {
    records,
    versions,
    participants,
    incomplete,
    missingParticipants,
    gaps,
    gapCount,
    gapsCut,
    corrupt,
    countsCompared,
  } = report;
  const lines = [
    `${records} calls in ${versions} versions with ${participants} participants, verified ${now().toISOString()}.`,
    ...(records === 0 ? ['No calls are stored: nothing was checked. --allow-empty accepts that.'] : []),
    ...(corrupt === 0
      ? records === 0
        ? []
        : ['Every checksum of these calls agrees with what is stored, and each is found by what is in it.']
      : [
          `${corrupt} parts are not what was stored. Restore the store from a backup, or import or sync the calls again into a new one.`,
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
    ...gaps.slice(0, toldGaps).map((gap) => printable(describe(gap))),
    ...(gapCount > toldGaps
      ? [
          `… and ${gapCount - toldGaps} more gaps: --json names ${gapsCut ? `the first ${gaps.length}` : 'them all'}.`,
        ]
      : []),
    ...standingLines(report),
  ];
  return `${lines.join('\n')}\n`;
}

function standingLines({ calls, hours }: TotalReport): readonly string[] {
  return [
    `Calls: ${calls.state}. ${stateWords[calls.reason]}`,
    `Hours: ${hours.state}${hours.state === 'verified' ? `, listed ${hours.sinceDateTime}` : ''}. ${stateWords[hours.reason]}`,
  ];
}

const nextStep = {
  healable: 'rollcall sync fetches it while upstream has it.',
  lost: 'Upstream has forgotten it: import it from an export or a backup, if there is one.',
} as const;

function describe(gap: Gap): string {
  const { from, to, kind, healable, callId, log } = gap;
  const step = healable ? nextStep.healable : nextStep.lost;
  const when =
    from === null
      ? 'at an unknown time'
      : to === null || to === from
        ? `of ${from}`
        : `from ${from} to ${to}`;
  switch (kind) {
    case 'hoursNotListed':
      return `Not listed ${when}${log === undefined ? '' : ` in ${log}`}. ${step}`;
    case 'recordNotFetched':
      return `Call ${callId} ${when} was seen and not fetched. ${step}`;
    case 'recordDamaged':
      return `Call ${callId} is damaged, and was incomplete before. Restore the store from a backup, or import the call into a new one.`;
    case 'recordMissing':
      return `Call ${callId}: only pages of it were received, not the record. ${step}`;
    case 'listMissing':
      return `Call ${callId} ${when}: a list of its participants or sessions was not received. ${step}`;
    case 'pagesMissing':
      return `Call ${callId} ${when}: pages of its participants or sessions are missing. ${step}`;
  }
}
