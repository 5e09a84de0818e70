/** Adds log rows, many in one statement. */
import { logRowCheck } from '../rows.ts';
import type { Added } from '../received-call.ts';
import type { LogRow } from '../log-row.ts';
import type { Transaction } from './connection.ts';
import { plainKeyOf } from './keys.ts';

export async function addLogRows(
  transaction: Transaction,
  tenantNo: number,
  rows: readonly LogRow[],
): Promise<readonly Added[]> {
  await transaction.get('lockTenant', tenantNo);
  const outcomes: Added[] = [];
  for (const wave of wavesOf(rows, logRowName)) {
    const columns = [
      wave.map(({ kind }) => kind),
      wave.map(({ ticks }) => ticks),
      wave.map(({ id }) => plainKeyOf(id)),
      wave.map(({ text }) => text),
      wave.map(({ kind, ticks, text }) => logRowCheck(kind, ticks, text)),
    ];
    const added = await transaction.all('addLogRows', tenantNo, ...columns);
    const names = new Set(added.map(([kind, ticks, key]) => keyName(kind, ticks, key as Buffer)));
    for (const row of wave) outcomes.push(names.has(logRowName(row)) ? 'added' : 'unchanged');
  }
  if (outcomes.includes('added')) await transaction.run('noteLogChange', tenantNo);
  return outcomes;
}

function logRowName({ kind, ticks, id }: LogRow): string {
  return keyName(kind, ticks, plainKeyOf(id));
}

function keyName(kind: unknown, ticks: unknown, key: Buffer): string {
  return `${String(kind)} ${String(ticks)} ${key.toString('latin1')}`;
}

/** Splits items into runs in which no name occurs twice, so that each run sees the rows of the runs before it. */
export function* wavesOf<T>(things: readonly T[], nameOf: (thing: T) => string): Generator<readonly T[]> {
  let wave = new Map<string, T>();
  for (const thing of things) {
    const name = nameOf(thing);
    if (wave.has(name)) {
      yield [...wave.values()];
      wave = new Map();
    }
    wave.set(name, thing);
  }
  if (wave.size > 0) yield [...wave.values()];
}
