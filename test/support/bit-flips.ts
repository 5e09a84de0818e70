/**
 * Damages stores one bit at a time and checks their responses afterwards. Call both functions with a seed and a count: a damaged
 * store must give the same responses as before, or errors.
 */
import { closeSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import type { CallRecordStore } from '../../src/store/store.ts';
import { StoreDamaged, StoreError } from '../../src/store/store-errors.ts';

import { everything, type What } from '../../src/export/what.ts';
import { exportTo } from '../../src/export/export.ts';
import { streamDestination } from '../../src/export/destination.ts';
import { fraction, randomFor } from '../../src/emulator/generate/random.ts';
import { question } from './exported.ts';
import { startTestServer } from './server.ts';
import { Writable } from 'node:stream';

/** Returns a seeded generator of numbers from 0 to below 1. */
export function randomOf(seed: number): () => number {
  const random = randomFor(seed, 'bit');
  return () => fraction(random);
}

/** Flips a bit of a file. @returns A description of the bit */
export function flipBitOfFile(path: string, random: () => number): string {
  const file = openSync(path, 'r+');
  try {
    const at = Math.floor(random() * fstatSync(file).size);
    const bit = Math.floor(random() * 8);
    const byte = Buffer.alloc(1);
    readSync(file, byte, 0, 1, at);
    byte[0]! ^= 1 << bit;
    writeSync(file, byte, 0, 1, at);
    return `bit ${bit} of byte ${at}`;
  } finally {
    closeSync(file);
  }
}

/** A column of bytes or text, with how to read and write a value in the engine. */
interface Flippable {
  readonly table: string;
  readonly column: string;
}

/** Returns a value with one bit changed; text keeps its number of characters. */
export function flipBit(value: Uint8Array | string, random: () => number): Uint8Array | string {
  if (typeof value === 'string') {
    const at = Math.floor(random() * value.length);
    const code = value.charCodeAt(at) ^ (1 << Math.floor(random() * 4));
    return value.slice(0, at) + String.fromCharCode(code) + value.slice(at + 1);
  }
  const flipped = Uint8Array.from(value);
  flipped[Math.floor(random() * flipped.length)]! ^= 1 << Math.floor(random() * 8);
  return flipped;
}

/** Flips a bit in one row of each column of bytes or text that has rows. @returns A description per column */
export function* sqliteFlips(
  database: DatabaseSync,
  random: () => number,
): Generator<Flippable & { readonly flip: () => void }> {
  const columns = database
    .prepare(
      `SELECT t.name AS 'table', c.name AS 'column' FROM pragma_table_list t, pragma_table_info(t.name) c
      WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.type IN ('TEXT', 'BLOB')
      ORDER BY 1, 2`,
    )
    .all() as unknown as Flippable[];
  for (const { table, column } of columns) {
    const rows = database
      .prepare(`SELECT "${column}" AS value FROM "${table}" WHERE length("${column}") > 0`)
      .all();
    const row = rows[Math.floor(random() * rows.length)];
    if (row === undefined) continue;
    const value = row['value'] as string | Uint8Array;
    const flipped = flipBit(value, random);
    yield {
      ...{ table, column },
      // Selects a row by its value, because tables without a rowid have no number to select it by.
      flip: () => {
        const statement = `UPDATE "${table}" SET "${column}" = ? WHERE "${column}" = ?`;
        database.prepare(statement).run(flipped, value);
      },
    };
  }
}

/** The responses of a store, or its errors, by request. */
export type Said = ReadonlyMap<string, string>;

const refused = 'refused';
/** The response for missing data. */
const absent = 'absent';

/** The result of the comparison: `hidden` are responses from which damaged data is missing. */
interface Compared {
  readonly same: number;
  readonly refused: number;
  readonly hidden: readonly string[];
  /** Responses that differ from before, except the hidden ones. */
  readonly wrong: readonly string[];
}

export function compareSaid(before: Said, after: Said): Compared {
  let [same, refusals] = [0, 0];
  const hidden: string[] = [];
  const wrong: string[] = [];
  for (const [asked, answer] of before) {
    const now = after.get(asked)!; // the same requests
    if (now === answer || isLessSure(now, answer)) same++;
    else if (now === refused) refusals++;
    else if (now === absent || isPartOf(now, answer)) hidden.push(asked);
    else wrong.push(`${asked}: ${differenceOf(answer, now)}`);
  }
  return { same, refused: refusals, hidden, wrong };
}

const stateOfCall = /"state":"(verified|unverified|missing)"/g;

/**
 * Returns true for the same response in which nothing has become verified, and the people of some calls are not looked
 * up: the evidence, or the edition, may be what is damaged.
 */
function isLessSure(now: string, before: string): boolean {
  const hidden = (text: string) => text.replaceAll(stateOfCall, '"state"');
  const [people, oldPeople] = withSamePeople(now, before);
  if (hidden(people) !== hidden(oldPeople)) return false;
  const states = (text: string) => [...text.matchAll(stateOfCall)].map(([, state]) => state);
  const old = states(before);
  return states(now).every((state, i) => state !== 'verified' || old[i] === 'verified');
}

interface FoundCalls {
  readonly value: { people: { matched: unknown; others: unknown; more: number }; participants: number }[];
}

/** Returns both responses; where people are not looked up now, those before are left out. */
function withSamePeople(now: string, before: string): readonly [now: string, before: string] {
  if (!now.includes('"people":{"matched":null,"others":[]')) return [now, before];
  const parse = (text: string) => JSON.parse(text.slice('200 '.length)) as FoundCalls;
  const [found, old] = [parse(now), parse(before)];
  for (const [i, { people }] of found.value.entries()) {
    const call = old.value[i];
    if (people.matched === null && call !== undefined)
      Object.assign(call.people, { matched: null, others: [], more: call.participants });
  }
  return [JSON.stringify(found), JSON.stringify(old)];
}

/** Returns true for a list, or lines, without anything new. */
function isPartOf(now: string, before: string): boolean {
  if (now.length >= before.length) return false;
  if (!now.startsWith('200 ')) {
    const known = new Set(before.split('\n'));
    return now.split('\n').every((line) => known.has(line));
  }
  const items = (text: string) => {
    const { value } = JSON.parse(text.slice(4)) as { value?: readonly unknown[] };
    return value?.map((one) => JSON.stringify(one));
  };
  const known = new Set(items(before));
  return items(now)?.every((item) => known.has(item)) ?? false;
}

function differenceOf(before: string, now: string): string {
  let at = 0;
  while (at < before.length && before[at] === now[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 40), at + 60);
  return `…${around(before)}… became …${around(now)}… (${before.length} and ${now.length} characters)`;
}

/** Requests all data of a store over HTTP, and exports all of it. */
export async function everythingSaid(
  store: CallRecordStore,
  tenantId: string,
  callIds: readonly string[],
): Promise<Said> {
  const said = new Map<string, string>();
  await using server = await startTestServer({ store });
  const token = await server.token({ tenantId });
  const ask = async (path: string, headers: Record<string, string> = {}) => {
    const response = await fetch(server.url + path, {
      headers: { authorization: `Bearer ${token}`, 'accept-encoding': 'identity', ...headers },
    });
    const text = (await response.text())
      .replaceAll(server.url, '')
      .replaceAll(/nextLink":"[^"]*"/g, 'nextLink"');
    const name = `${path} ${JSON.stringify(headers)}`;
    const { status } = response;
    if (status === 503 && isHonest(text)) said.set(name, refused);
    else if (status === 404) said.set(name, absent);
    else said.set(name, `${status} ${text}`);
  };
  for (const path of pathsOf(callIds)) await ask(path);
  for (const id of callIds)
    await ask(`/v1.0/communications/callRecords/${encodeURIComponent(id)}/participants_v2`, {
      prefer: 'odata.maxpagesize=3',
    });
  for (const path of packedPathsOf(callIds)) await ask(path, { 'accept-encoding': 'gzip' });
  for (const what of everything) said.set(`export ${what}`, await exported(store, tenantId, what));
  return said;
}

function isHonest(text: string): boolean {
  const { error } = JSON.parse(text) as { error?: { code?: string } };
  return error?.code === 'ServiceUnavailable';
}

const spans = 'fromDateTime=2026-10-01,toDateTime=2026-11-02';

function* pathsOf(callIds: readonly string[]): Generator<string> {
  const calls = '/v1.0/communications/callRecords';
  yield calls;
  yield `${calls}?$select=id,organizer_v2`;
  yield `${calls}?$filter=startDateTime ge 2026-10-01T00:00:00Z`;
  yield `${calls}/getPstnCalls(${spans})`;
  yield `${calls}/getDirectRoutingCalls(${spans})`;
  yield '/rollcall/calls';
  for (const id of callIds) {
    const call = `${calls}/${encodeURIComponent(id)}`;
    yield call;
    yield `${call}?$expand=participants_v2`;
    yield `${call}?$expand=sessions($expand=segments)`;
    yield `${call}/organizer_v2`;
    yield `${call}/participants_v2`;
    yield `${call}/sessions?$expand=segments`;
  }
}

function* packedPathsOf(callIds: readonly string[]): Generator<string> {
  for (const id of callIds) {
    const call = `/v1.0/communications/callRecords/${encodeURIComponent(id)}`;
    yield `${call}/participants_v2`;
    yield `${call}/sessions`;
  }
}

async function exported(store: CallRecordStore, tenantId: string, what: What): Promise<string> {
  const { signal } = new AbortController();
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(piece: Buffer, _, done) {
      pieces.push(piece);
      done();
    },
  });
  try {
    const { damaged } = await exportTo({
      ...{
        store,
        question: question(tenantId, { what }),
        destination: streamDestination(stream, signal),
        from: undefined,
      },
      ...{
        beganDateTime: '2026-11-25T00:00:00Z',
        signal,
        onPage: () => undefined,
      },
    });
    return damaged > 0 ? refused : Buffer.concat(pieces).toString();
  } catch (error) {
    if (error instanceof StoreError || error instanceof StoreDamaged) return refused;
    throw error;
  }
}
