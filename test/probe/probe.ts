/** Sends rows of the matrix to a Graph and to a Rollcall of its own, and compares the answers. */
import { type HttpAnswer, type HttpClient, HttpFailure } from '../../src/base/http-client.ts';
import { throttlingLimits } from '../../src/contract/throttling-limits.ts';
import { trimEnd } from '../../src/base/trim-end.ts';
import { areas } from '../contract/compatibility/matrix.ts';
import { startTestServer } from '../support/server.ts';
import { type Difference, differencesOf, seenOf, shown } from './compare.ts';
import { type Question, questionsOf, type SkipReason } from './questions.ts';

interface ProbeOptions {
  /** What comes before the version. */
  readonly base: URL;
  readonly client: HttpClient;
  /** @throws UpstreamFailure */
  readonly token: () => Promise<string>;
  readonly pause: (ms: number) => Promise<void>;
  /** Called before the first request, with how many there are. */
  readonly onStart: (requests: number) => void;
}

interface ProbedRow {
  readonly question: Question;
  /** What was answered, as the matrix would say it; nothing of a record is in it. */
  readonly saw: string;
  readonly differences: readonly Difference[];
}

export interface ProbeResult {
  readonly probed: readonly ProbedRow[];
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  /** Why it ended before its last request. */
  readonly stopped: string | undefined;
}

/** Nothing could be compared. Its message holds nothing that was received. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure';
}

/**
 * One request at a time, each so long after the last that the strictest of Graph's limits, that of one log function,
 * would have room for a quarter more, whatever is asked for.
 */
export const paceMs =
  1250 * Math.max(...Object.values(throttlingLimits).map(({ seconds, requests }) => seconds / requests));
/** A server that asks for a longer wait is left alone. */
const longestWaitMs = 300_000;
const mostRepeats = 3;
const mostFailures = 3;

/** Empty on every tenant: no call is that old. */
const firstRequest = `/v1.0/communications/callRecords?$select=id&$filter=startDateTime lt 2000-01-01T00:00:00Z`;

/** @throws ProbeFailure, UpstreamFailure */
export async function probe(options: ProbeOptions): Promise<ProbeResult> {
  await beginWith(options);
  const { questions, skipped, unknownId } = questionsOf(areas);
  await using reference = await startTestServer();
  const own = await answersOf(new URL(reference.url), () => reference.token(), questions, options.client);
  const isAsTheRow = ({ row }: Question, i: number) => {
    const { status, code, message } = seenOf(own[i]!);
    return status === row.status && code === row.code && message === row.message;
  };
  const sent = questions.flatMap((question, i) =>
    isAsTheRow(question, i) ? [{ question, own: own[i]! }] : [],
  );
  const counts: Partial<Record<SkipReason, number>> = { records: questions.length - sent.length };
  for (const { reason } of skipped) counts[reason] = (counts[reason] ?? 0) + 1;

  options.onStart(sent.length);
  const probed: ProbedRow[] = [];
  let failures = 0;
  let stopped: string | undefined;
  for (const { question, own: ours } of sent) {
    await options.pause(paceMs);
    const theirs = await patiently(question, options);
    if (theirs === 'throttled') {
      stopped = 'The server asks for fewer requests, again and again, or for a wait that is too long.';
      break;
    }
    probed.push(rowOf(question, ours, theirs, unknownId));
    failures = theirs instanceof HttpFailure ? failures + 1 : 0;
    if (failures === mostFailures) {
      stopped = `${mostFailures} requests in a row got no answer.`;
      break;
    }
  }
  return { probed, skipped: counts, stopped };
}

function rowOf(
  question: Question,
  ours: HttpAnswer,
  theirs: HttpAnswer | HttpFailure,
  unknownId: string,
): ProbedRow {
  if (theirs instanceof HttpFailure) {
    const { reason } = theirs;
    return {
      question,
      saw: `no answer: ${reason}`,
      differences: [{ what: 'answer', ours: 'an answer', theirs: reason }],
    };
  }
  const said = [question.path, JSON.stringify(question.headers)].join(' ').replaceAll(unknownId, '');
  const [own, other] = [seenOf(ours), seenOf(theirs)];
  const differences = differencesOf(own, other, said);
  const { status, code, message } = other;
  const saw = [
    String(status),
    ...(code === undefined ? [] : [`\`${shown(code, `${own.code}`)}\``]),
    ...(message === undefined ? [] : [`with the message: ${shown(message, `${said} ${own.message}`)}`]),
  ].join(' ');
  return { question, saw, differences };
}

/** Proves with one request that the token is taken and that the API answers. */
async function beginWith(options: ProbeOptions): Promise<void> {
  const answer = await exchange(options.base, { path: firstRequest, hasToken: true }, options).catch(
    (error: unknown) => {
      if (!(error instanceof HttpFailure)) throw error;
      throw new ProbeFailure(
        `${options.base.host} does not answer (${error.reason}). See that --base names the service and that this machine reaches it.`,
      );
    },
  );
  const { status } = answer;
  if (status === 401 || status === 403)
    throw new ProbeFailure(
      `${options.base.host} refuses the token with status ${status}. Grant the application permission CallRecords.Read.All and the consent of an administrator.`,
    );
  const { members, code } = seenOf(answer);
  if (status === 200 ? !members.includes('value') : status !== 400 || code === undefined)
    throw new ProbeFailure(
      `${options.base.host} answers status ${status} to the list of calls: that is not the call-records API. See that --base names the service.`,
    );
}

/** Waits as long as a 429 says, some times. */
async function patiently(
  question: Question,
  options: ProbeOptions,
): Promise<HttpAnswer | HttpFailure | 'throttled'> {
  for (let i = 0; i <= mostRepeats; i++) {
    try {
      const answer = await exchange(options.base, question, options);
      if (answer.status !== 429) return answer;
      const waitMs = Number(answer.headers['retry-after'] ?? 10) * 1000;
      if (!(waitMs <= longestWaitMs) || i === mostRepeats) break;
      await options.pause(waitMs);
    } catch (error) {
      if (error instanceof HttpFailure) return error;
      throw error;
    }
  }
  return 'throttled';
}

async function answersOf(
  base: URL,
  token: () => Promise<string>,
  questions: readonly Question[],
  client: HttpClient,
): Promise<readonly HttpAnswer[]> {
  const answers: HttpAnswer[] = [];
  for (const question of questions) answers.push(await exchange(base, question, { client, token }));
  return answers;
}

async function exchange(
  base: URL,
  question: Pick<Question, 'path' | 'hasToken'> & Partial<Question>,
  { client, token }: Pick<ProbeOptions, 'client' | 'token'>,
): Promise<HttpAnswer> {
  const { method = 'GET', path, headers = {}, hasToken } = question;
  const authorization = hasToken ? { authorization: `Bearer ${await token()}` } : {};
  return client.send({
    method,
    url: new URL(trimEnd(base.href, '/') + path),
    headers: { accept: 'application/json', 'user-agent': 'Rollcall', ...headers, ...authorization },
  });
}
