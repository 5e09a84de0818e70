/** Formats the result of `sync --once`, and determines its exit code. */
import { printable, printableJson } from '../base/printable.ts';
import { problemText } from '../collect/sync/problem.ts';
import { mostProblems, type TenantOutcome } from '../collect/sync/tenant-report.ts';
import type { LeftWork } from '../collect/sync/left-work.ts';
import { formatTicks } from '../base/ticks.ts';
import { type ExitCode, exitCodes } from '../base/exit.ts';

interface SyncEnd {
  readonly outcomes: readonly TenantOutcome[];
  /** The remaining work after a signal; absent when no signal stopped it. */
  readonly left: LeftWork | undefined;
}

/** Problems printed as text; `--json` lists more. */
const shownProblems = 20;

export function syncOutcome({ outcomes, left }: SyncEnd, json: boolean): { text: string; code: ExitCode } {
  const total = (of: (outcome: TenantOutcome) => number) => outcomes.reduce((sum, one) => sum + of(one), 0);
  const counts = {
    records: total(({ records }) => records),
    newVersions: total(({ newVersions }) => newVersions),
    pages: total(({ pages }) => pages),
    incomplete: total(({ incomplete }) => incomplete),
    requests: total(({ requests }) => requests),
    gone: total(({ gone }) => gone),
    logRows: total(({ logRows }) => logRows),
    setAside: total(({ setAside }) => setAside),
  };
  const problems = outcomes
    .flatMap(({ tenantId, problems: own }) => own.map((problem) => ({ tenant: tenantId, ...problem })))
    .slice(0, mostProblems);
  const problemCount = total((outcome) => outcome.problemCount);
  const isIncomplete =
    counts.incomplete > 0 || counts.setAside > 0 || outcomes.some(({ hasLoss }) => hasLoss);
  const code = outcomes.some(({ failed }) => failed)
    ? exitCodes.failed
    : isIncomplete || left !== undefined
      ? exitCodes.incomplete
      : exitCodes.done;
  if (json) {
    const listed = problems.map(({ tenant, call = null, unit, reason, next, ...problem }) => ({
      ...{ tenant, call, unit, reason, next },
      // Earlier releases had only this one sentence.
      problem: problemText({ ...problem, call: call ?? undefined, unit, reason, next }),
    }));
    const stopped = left !== undefined;
    const more = { problems: listed, problemCount, stopped, spansNotListed: left?.spans.length ?? 0 };
    return { text: `${printableJson({ ...counts, ...more })}\n`, code };
  }
  const lines = [
    ...(left === undefined ? [] : [leftText(left)]),
    `${counts.records} records, ${counts.newVersions} new versions, ${counts.pages} pages in ${counts.requests} requests; ` +
      `${counts.incomplete} incomplete, ${counts.gone} gone upstream.`,
    // Problems of a tenant as a whole are in the log.
    ...problems
      .filter(({ unit }) => unit !== 'tenant')
      .slice(0, shownProblems)
      .map((problem) => printable(problemText(problem))),
    ...(problemCount > shownProblems
      ? [`… and ${problemCount - shownProblems} more problems: --json names the first ${mostProblems}.`]
      : []),
    ...(counts.setAside > 0
      ? [`Set aside of what upstream sent: ${counts.setAside}. rollcall quarantine list names the pieces.`]
      : []),
  ];
  return { text: `${lines.join('\n')}\n`, code };
}

/** Describes the remaining work of a sync that a signal stopped. */
export function leftText({ calls, spans }: LeftWork): string {
  const first = spans[0];
  const list =
    first === undefined
      ? 'the list of calls is read to its end'
      : `the list of calls is not read for ${spans.length === 1 ? 'one span' : `${spans.length} spans`}, from ${formatTicks(first.from)} to ${formatTicks(spans.at(-1)!.before)}`;
  return `Stopped. ${calls === 1 ? '1 call is' : `${calls} calls are`} in the queue, and ${list}. The next sync continues from there.`;
}
