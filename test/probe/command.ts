/** `npm run probe`: its options, and what it prints. */
import { systemClock } from '../../src/base/clock.ts';
import { exitCodes, UsageError } from '../../src/base/exit.ts';
import { nearest } from '../../src/cli/nearest.ts';
import { secretFlagWarnings } from '../../src/cli/secret-flags.ts';
import { readSettings } from '../../src/cli/settings.ts';
import { syncTenants } from '../../src/cli/sync-tenants.ts';
import { createHttpClient } from '../../src/base/http-client.ts';
import { UpstreamFailure } from '../../src/collect/sync/failure.ts';
import { createTokens } from '../../src/collect/sync/tokens.ts';
import { createUpstreamHttp } from '../../src/collect/sync/upstream-http.ts';
import { nameOf } from '../contract/compatibility/matrix.ts';
import { markOf } from '../contract/compatibility/row.ts';
import { masked } from './masked.ts';
import { paceMs, probe, ProbeFailure, type ProbeResult } from './probe.ts';
import { type SkipReason, skipReasons } from './questions.ts';

/** What the probe takes of the options of `sync`; `--base` is its `--upstream`. */
const taken = [
  ...['base', 'tenant', 'client-id', 'client-secret', 'client-secret-file', 'client-certificate'],
  ...['client-assertion-file', 'managed-identity', 'authority', 'json'],
];

const help = `npm run probe -- --tenant ID --client-id ID --client-secret-file FILE [--base URL] [--authority URL] [--json]

Sends the rows of docs/compatibility.md that hold no data to Microsoft Graph, or to --base, and prints how its answers
differ from Rollcall's. It only reads (GET, HEAD, OPTIONS) and prints nothing of a record: status, code, message with
every unknown word masked, names of headers and of members of the envelope.

The application needs CallRecords.Read.All. Credentials are those of rollcall sync: --client-secret-file,
--client-certificate, or the variables ROLLCALL_TENANT, ROLLCALL_CLIENT_ID and so on.

Exit codes: 0 no differences, 1 failed, 2 wrong usage, 3 differences.
`;

interface Surroundings {
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly pause?: (ms: number) => Promise<void>;
  readonly timeoutMs?: number;
}

export async function runProbe(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr } = surroundings;
  if (argv.includes('--help') || argv.includes('help')) {
    stdout(help);
    return exitCodes.done;
  }
  try {
    return await probeAndPrint(argv, surroundings);
  } catch (error) {
    const isUsage = error instanceof UsageError;
    if (isUsage)
      stderr(
        `${error.problems.map((problem) => asBase(problem)).join('\n')}\nSee npm run probe -- --help.\n`,
      );
    else if (error instanceof ProbeFailure) stderr(`${error.message}\n`);
    else if (error instanceof UpstreamFailure) stderr(`No token: ${failureText(error)}\n`);
    else throw error;
    return isUsage ? exitCodes.usage : exitCodes.failed;
  }
}

/** @throws UsageError, ProbeFailure, UpstreamFailure */
async function probeAndPrint(
  argv: readonly string[],
  { environment, stdout, stderr, pause = (ms) => systemClock.sleep(ms), timeoutMs = 60_000 }: Surroundings,
): Promise<number> {
  const read = readSettings('sync', syncArguments(argv), environment);
  if (read.operands.length > 0)
    throw new UsageError([`${read.operands.join(' ')}: only options are expected.`]);
  for (const warning of secretFlagWarnings(read)) stderr(`${warning}\n`);
  const [tenant, second] = syncTenants(read);
  if (tenant === undefined || second !== undefined)
    throw new UsageError(['ROLLCALL_TENANTS: the probe takes one tenant. Name it with --tenant.']);
  const clock = systemClock;
  const { upstream: base } = tenant;
  const { json } = read.settings;
  const authorityClient = createUpstreamHttp(clock, 1);
  const client = createHttpClient({
    clock,
    timeoutMs,
    maxBodyBytes: 64 * 2 ** 20,
    connections: 1,
    usesProxy: true,
  });
  const tokens = createTokens({ ...tenant, connection: authorityClient, clock });
  try {
    const result = await probe({
      base,
      client,
      token: () => tokens.get(new AbortController().signal),
      pause,
      onStart: (requests) =>
        stderr(
          `Sends ${requests} requests to ${base.host}, one every ${paceMs / 1000} s: about ${Math.ceil((requests * paceMs) / 60_000)} minutes.\n`,
        ),
    });
    stdout(json ? jsonReport(result, base) : textReport(result, base));
    if (result.stopped !== undefined) return exitCodes.failed;
    return result.probed.some(({ differences }) => differences.length > 0)
      ? exitCodes.incomplete
      : exitCodes.done;
  } finally {
    client.close();
    authorityClient.close();
  }
}

function syncArguments(argv: readonly string[]): readonly string[] {
  const given = argv.flatMap((argument) => /^--([^=]*)/.exec(argument)?.[1] ?? []);
  const problems = given
    .filter((name) => !taken.includes(name))
    .map((name) => {
      const near = nearest(name, taken);
      return `--${name}: the probe has no such option.${near === undefined ? '' : ` Did you mean --${near}?`}`;
    });
  if (problems.length > 0) throw new UsageError(problems);
  return argv.map((argument) => argument.replace(/^--base(?==|$)/, '--upstream'));
}

/** The details of a failure come from the authority. */
function failureText({ message, detail = '' }: UpstreamFailure): string {
  return detail === '' ? message : message.replace(detail, masked(detail));
}

function asBase(problem: string): string {
  return problem.replaceAll('--upstream', '--base');
}

function textReport({ probed, skipped, stopped }: ProbeResult, base: URL): string {
  const differing = probed.filter(({ differences }) => differences.length > 0);
  const lines = differing.flatMap(({ question, differences }) => {
    const own = differences.filter(({ what }) => what !== 'header' && what !== 'member');
    return own.length === 0
      ? []
      : [
          `${question.area}, ${markOf(question.row)}: ${nameOf(question.row)}`,
          ...own.map(({ what, ours, theirs }) => `  ${what}: ours ${ours}; theirs ${theirs}`),
        ];
  });
  return [
    ...lines,
    ...namesReport(differing),
    ...countsOf(skipped).map(([count, reason]) => `Not sent: ${count} rows, each of which ${reason}.`),
    ...(stopped === undefined ? [] : [`Stopped early: ${stopped}`]),
    `Sent to ${base.host}: ${probed.length} rows, ${probed.length - differing.length} the same, ${differing.length} different.`,
    '',
  ].join('\n');
}

/** Many answers lack the same header: one line for all of them. */
function namesReport(differing: ProbeResult['probed']): readonly string[] {
  const counts = new Map<string, number>();
  for (const { differences } of differing)
    for (const { what, ours, theirs } of differences) {
      if (what !== 'header' && what !== 'member') continue;
      const line = theirs === 'absent' ? `${what} ${ours}: ours alone` : `${what} ${theirs}: theirs alone`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
  return [...counts].map(([line, count]) => `${line}, in ${count} answers`);
}

function jsonReport({ probed, skipped, stopped }: ProbeResult, base: URL): string {
  const date = new Date().toISOString().slice(0, 10);
  const report = {
    base: base.host,
    date,
    sent: probed.length,
    different: probed.filter(({ differences }) => differences.length > 0).length,
    notSent: Object.fromEntries(countsOf(skipped).map(([count, reason]) => [reason, count])),
    ...(stopped !== undefined && { stopped }),
    rows: probed.map(({ question, saw, differences }) => ({
      area: question.area,
      row: nameOf(question.row),
      mark: markOf(question.row),
      // A member of the row of the matrix, as it is.
      observed: { saw, source: `npm run probe, ${base.host}`, date },
      differences,
    })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function countsOf(skipped: ProbeResult['skipped']): readonly (readonly [number, string])[] {
  return (Object.keys(skipReasons) as SkipReason[]) // the keys of a constant table
    .map((reason) => [skipped[reason] ?? 0, skipReasons[reason]] as const)
    .filter(([count]) => count > 0);
}
