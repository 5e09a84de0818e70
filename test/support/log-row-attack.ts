/** Stores random rows of every log and compares every representation of them with the oracle. */
import { chance, pick, randomFor } from '../../src/emulator/generate/random.ts';
import { edms, structuredType } from '../../src/contract/edm.ts';
import { simpleName } from '../../src/contract/names.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { bodyText, directRead } from './direct-read.ts';
import { list, type Member, object, parseTree, printTree, token, type TreeObject } from './json-tree.ts';
import { randomLogRow } from './random-records.ts';
import { importRandomLines, type Outcome } from './representation-attack.ts';
import { controlled, type Look, madeUp, received } from './representation-oracle.ts';
import { differenceOf } from './tree-difference.ts';

/** Days with one row each. */
const days = 20;
const path = 'communications/callRecords';

/** Runs the comparison. @param store An empty store. */
export async function attackLogRows(
  store: CallRecordStore,
  seed: number,
  questions: number,
): Promise<Outcome> {
  const random = randomFor(seed, 'log attack');
  const logs = edms.beta.functions.map((log) => ({
    log,
    rows: Array.from({ length: days }, (_, day) =>
      randomLogRow(seed, day, simpleName(log.returns), log.time),
    ),
  }));
  const findings = [
    ...(await importRandomLines(
      store,
      logs.flatMap(({ rows }) => rows.map(({ text }) => text)),
    )),
  ];
  let answers = 0;
  for (let i = 0; i < questions; i++) {
    const { log, rows } = pick(random, logs as [(typeof logs)[number]]);
    const versions = (['v1.0', 'beta'] as const).filter((one) =>
      edms[one].functions.some(({ name }) => name === log.name),
    );
    const version = pick(random, versions as ['beta']);
    const look: Look = {
      select: undefined,
      omitNulls: chance(random, 0.5),
      includeUnknownEnumMembers: chance(random, 0.5),
      metadata: pick(random, ['none', 'minimal', 'full']),
      ieee754Compatible: chance(random, 0.5),
      deprecated: pick(random, ['as-before', 'empty', 'absent']),
    };
    const day = Math.floor(random() % days);
    const dates = [day, day + 1].map((one) =>
      new Date(Date.UTC(2026, 0, 1 + one)).toISOString().slice(0, 10),
    );
    const asked = log.time === undefined ? rows : [rows[day]!];
    const request = {
      url: `${path}/${log.name}(fromDateTime=${dates[0]},toDateTime=${dates[1]})`,
      version,
      prefer: [
        look.omitNulls ? 'omit-values=nulls' : '',
        look.includeUnknownEnumMembers ? 'include-unknown-enum-members' : '',
      ]
        .filter((one) => one !== '')
        .join(', '),
      accept: `application/json;odata.metadata=${look.metadata}${look.ieee754Compatible ? ';IEEE754Compatible=true' : ''}`,
      deprecated: look.deprecated,
      reconciled: false,
    };
    const own = structuredType(edms[version], log.returns).properties;
    const declared = structuredType(edms.beta, log.returns).properties;
    // Rows without a key and with equal text are stored once.
    const stored = new Map(
      asked.map(({ text }) => {
        const { members } = received(parseTree(text) as TreeObject, log.returns);
        const row = object(members.filter(([name]) => !name.startsWith('@')));
        return [printTree(row), row] as const;
      }),
    );
    const bodies = [...stored.values()].map((row) => {
      const kept = row.members.filter(([name]) => own.has(name) || !declared.has(name));
      // Rows are returned unchanged: no preference applies to them.
      return controlled(object(kept), log.returns, { ...look, omitNulls: false }, '');
    });
    const members: Member[] = [
      ...(look.metadata === 'none' ? [] : [['@odata.context', madeUp] as const]),
      ['@odata.count', token(String(bodies.length))],
      ['value', list(sorted(bodies))],
    ];
    const problem = await rowsProblem(store, request, object(members), chance(random, 0.5));
    answers++;
    if (problem !== undefined) findings.push(`seed ${seed}: ${JSON.stringify(request)}\n  ${problem}`);
  }
  return { answers, findings };
}

/** Sorts rows: those without a time have an order that depends on the store. */
function sorted(rows: readonly TreeObject[]): readonly TreeObject[] {
  return [...rows].sort((a, b) => (printTree(a) < printTree(b) ? -1 : 1));
}

async function rowsProblem(
  store: CallRecordStore,
  request: Parameters<typeof directRead>[1],
  expected: TreeObject,
  isGzip: boolean,
): Promise<string | undefined> {
  let text = '';
  try {
    text = bodyText(await directRead(store, request), isGzip);
    const { members } = parseTree(text) as TreeObject;
    const got = members.map(([name, value]): Member =>
      name === 'value' && value.kind === 'list'
        ? [name, list(sorted(value.items as readonly TreeObject[]))]
        : [name, value],
    );
    return differenceOf(object(got), expected, '');
  } catch (error) {
    return `${error instanceof Error ? error.stack : String(error)}\n  ${text.slice(0, 2000)}`;
  }
}
