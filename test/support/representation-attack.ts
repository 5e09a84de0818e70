/**
 * Stores random records, sends random requests and compares every response with the oracle. A finding is a text with the data
 * to reproduce it; there are none when every representation of every record is correct.
 */
import { systemClock } from '../../src/base/clock.ts';
import { chance, type Random, randomFor } from '../../src/emulator/generate/random.ts';
import { importSources } from '../../src/collect/ingest/import.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { blockText } from '../../src/wire/text/block-text.ts';
import { parseTicks } from '../../src/base/ticks.ts';
import { verifyTenant } from '../../src/maintain/verify/report.ts';
import { bodyText, directBatch, directRead, tenantId, urlOfLink } from './direct-read.ts';
import { exportedCalls } from './exported.ts';
import { memberOf, parseTree, textOf, type Tree, type TreeList, type TreeObject } from './json-tree.ts';
import { randomRecord } from './random-records.ts';
import { type KnownCall, knownCall, type Question, randomQuestion } from './representation-questions.ts';
import { differenceOf } from './tree-difference.ts';

interface Attack {
  /** Opens an empty store; called for each one that is needed. */
  readonly open: () => Promise<CallRecordStore>;
  readonly seed: number;
  /** Records per store; a tenth of them have two versions. */
  readonly records: number;
  /** Requests per record. */
  readonly questions: number;
  /** True for records with some oddities. */
  readonly odd?: boolean;
}

export interface Outcome {
  readonly answers: number;
  readonly findings: readonly string[];
}

const clock = { ...systemClock, now: () => new Date(Date.UTC(2026, 10, 1)) };

/**
 * Imports records, requests them, verifies, exports, imports the export into a second store, and requests them there.
 */
export async function attackRepresentations(attack: Attack): Promise<Outcome> {
  const { seed, odd = false } = attack;
  const random = randomFor(seed, 'attack');
  const lines: string[] = [];
  for (let number = 0; number < attack.records; number++) {
    const first = randomRecord(seed, number, { odd });
    if (number % 10 === 0) lines.push(randomRecord(seed, number, { id: first.id, version: 1, odd }).text);
    lines.push(
      number % 10 === 0 ? randomRecord(seed, number, { id: first.id, version: 2, odd }).text : first.text,
    );
  }
  const findings: string[] = [];
  await using store = await attack.open();
  findings.push(...(await importRandomLines(store, lines)));
  const versions = await knownCalls(store, lines);
  const newest = newestOf(versions);
  let answers = await ask(store, { ...attack, random, asked: versions, newest, findings });
  findings.push(...(await verified(store, 'imported')));

  const exported = await exportOf(store, newest);
  await using second = await attack.open();
  findings.push(...(await importRandomLines(second, exported)));
  findings.push(...(await verified(second, 'imported from an export')));
  if ((await exportOf(second, newest)).join('\n') !== exported.join('\n'))
    findings.push(`seed ${seed}: an export of an import of an export differs from it`);
  const again = await knownCalls(second, exported);
  const questions = Math.ceil(attack.questions / 4);
  answers += await ask(second, { ...attack, questions, random, asked: again, newest: again, findings });
  return { answers, findings };
}

/** Sends requests to a store that contains exactly the calls of the lines, and verifies it. */
export async function askStore(
  store: CallRecordStore,
  lines: readonly string[],
  { seed, questions }: Pick<Attack, 'seed' | 'questions'>,
): Promise<Outcome> {
  const findings: string[] = [];
  const asked = await knownCalls(store, lines);
  const asking = {
    seed,
    questions,
    random: randomFor(seed, 'attack'),
    asked,
    newest: newestOf(asked),
    findings,
  };
  const answers = await ask(store, asking);
  findings.push(...(await verified(store, 'there')));
  return { answers, findings };
}

function newestOf(versions: readonly KnownCall[]): readonly KnownCall[] {
  return versions.filter(({ id, version }) =>
    versions.every((other) => other.id !== id || BigInt(other.version) <= BigInt(version)),
  );
}

export async function importRandomLines(
  store: CallRecordStore,
  lines: readonly string[],
): Promise<readonly string[]> {
  const rejects: string[] = [];
  const open = async function* () {
    for (const line of lines) yield await Promise.resolve(Buffer.from(`${line}\n`));
  };
  await importSources([{ name: 'random.jsonl', size: undefined, open }], {
    tenantId,
    store,
    maxLineBytes: 2 ** 25,
    onReject: ({ reason, text }) =>
      void rejects.push(`rejected: ${reason}: ${text.toString().slice(0, 2000)}`),
    onRead: () => undefined,
  });
  return rejects;
}

async function verified(store: CallRecordStore, what: string): Promise<readonly string[]> {
  const { corrupt } = await verifyTenant(store, tenantId, { clock, onRead: () => undefined });
  return corrupt === 0 ? [] : [`verify: ${corrupt} corrupt parts of what was ${what}`];
}

/** Returns the calls of the lines with the inferred participants, in the order of the list of calls. */
async function knownCalls(store: CallRecordStore, lines: readonly string[]): Promise<readonly KnownCall[]> {
  const calls: KnownCall[] = [];
  for (const line of lines) {
    const call = knownCall(line);
    const edition = await store.editionAsOf(tenantId, call.id, { version: BigInt(call.version) });
    const blocks: TreeObject[] = [];
    for (let no = 0; edition?.found !== undefined; no++) {
      const block = await store.inferredBlock(edition, no);
      if (block === undefined) break;
      blocks.push(...((parseTree(`[${blockText(block).toString()}]`) as TreeList).items as TreeObject[]));
    }
    calls.push({ ...call, found: blocks });
  }
  const order = new Map<string, number>();
  for (const { id } of calls) if (!order.has(id)) order.set(id, order.size);
  const ticks = ({ start }: KnownCall) => parseTicks(start)!;
  return calls.sort((a, b) => Number(ticks(a) - ticks(b)) || order.get(a.id)! - order.get(b.id)!);
}

export function exportOf(
  store: CallRecordStore,
  calls: readonly { readonly id: string }[],
): Promise<readonly string[]> {
  return exportedCalls(
    store,
    tenantId,
    calls.map(({ id }) => id),
  );
}

interface Asking extends Pick<Attack, 'seed' | 'questions'> {
  readonly random: Random;
  readonly asked: readonly KnownCall[];
  readonly newest: readonly KnownCall[];
  readonly findings: string[];
}

async function ask(store: CallRecordStore, asking: Asking): Promise<number> {
  const { random, asked, newest, questions, findings, seed } = asking;
  let answers = 0;
  for (const call of asked) {
    const batch: Question[] = [];
    for (let i = 0; i < questions; i++) {
      const question = randomQuestion(random, call, newest, !newest.includes(call) || chance(random, 0.1));
      batch.push(question);
      const problem = await answerProblem(store, question, chance(random, 0.5), () => answers++);
      if (problem !== undefined) findings.push(`seed ${seed}: ${formatQuestion(question)}\n  ${problem}`);
    }
    const [first, ...more] = batch;
    if (first === undefined || !chance(random, 0.2)) continue;
    const alike = more.filter(
      ({ deprecated, reconciled, version }) =>
        deprecated === first.deprecated && reconciled === first.reconciled && version === first.version,
    );
    const problem = await batchProblem(store, [first, ...alike.slice(0, 19)]);
    if (problem !== undefined) findings.push(`seed ${seed}: batch of ${formatQuestion(first)}\n  ${problem}`);
  }
  return answers;
}

function formatQuestion({ url, pages, ...rest }: Question): string {
  return `GET ${url} of ${pages.length} pages with ${JSON.stringify(rest)}`;
}

async function answerProblem(
  store: CallRecordStore,
  question: Question,
  isGzip: boolean,
  onAnswer: () => void,
): Promise<string | undefined> {
  let { url } = question;
  for (const [number, expected] of question.pages.entries()) {
    let text = '';
    let tree: Tree | undefined;
    try {
      const response = await directRead(store, { ...question, url });
      onAnswer();
      if (expected === undefined)
        return response.status === 204 ? undefined : `status ${response.status}, not 204`;
      if (response.status !== 200) return `status ${response.status}`;
      text = bodyText(response, isGzip);
      tree = parseTree(text);
    } catch (error) {
      return `page ${number}: ${error instanceof Error ? error.stack : String(error)}\n  ${text.slice(0, 2000)}`;
    }
    const difference = differenceOf(tree, expected, '');
    if (difference !== undefined) return `page ${number}: ${difference}`;
    const next = textOf(memberOf(tree as TreeObject, '@odata.nextLink'));
    if (next !== undefined) url = urlOfLink(next);
  }
  return undefined;
}

/** Compares batch responses with single ones: each is JSON inside the batch's JSON. */
async function batchProblem(
  store: CallRecordStore,
  questions: readonly [Question, ...Question[]],
): Promise<string | undefined> {
  const text = await directBatch(store, questions);
  let batch: Tree;
  try {
    batch = parseTree(text);
  } catch (error) {
    return `${String(error)}\n  ${text.slice(0, 2000)}`;
  }
  const responses = memberOf(batch as TreeObject, 'responses') as TreeList;
  for (const [i, item] of responses.items.entries()) {
    const body = memberOf(item as TreeObject, 'body');
    const [expected] = questions[i]!.pages;
    if (body === undefined || expected === undefined) {
      if (body !== expected) return `item ${i} has ${body === undefined ? 'no body' : 'a body'}`;
      continue;
    }
    const difference = differenceOf(body, expected, `/responses[${i}]`);
    if (difference !== undefined) return difference;
  }
  return undefined;
}
