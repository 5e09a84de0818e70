/**
 * The types of the bookkeeping tables in PostgreSQL. Ids are bytes, limited in length for indexes (keys.ts); text that
 * may hold NUL is bytes too, because PostgreSQL's text cannot hold it.
 */
import type { SQLOutput } from '../rows.ts';
import type { Dialect, KindOfEngine } from '../table-sql.ts';
import { idOf, keyOf, longIdOf, plainKeyOf } from './keys.ts';

/** The values that the driver accepts. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | readonly (null | number | bigint | string | Uint8Array)[];

function kept(type: string, value: (cell: SQLOutput) => unknown): KindOfEngine<Value> {
  return {
    type,
    columns: (name) => [name],
    cells: (whole) => [whole as Value], // the driver accepts the kind's own value
    value: ([cell = null]) => value(cell),
  };
}

const textOf = (cell: SQLOutput) => (cell as Buffer).toString();
const long = kept('bigint', Number);
const short = kept('integer', Number);

export const postgresDialect: Dialect<Value> = {
  kinds: {
    ...{ tenant: short, smallCount: short, count: long, edition: long },
    ticks: kept('bigint', (cell) => BigInt(cell as bigint | number)),
    text: kept('text', (cell) => cell),
    bytes: kept('bytea', (cell) => cell),
    anyText: { ...kept('bytea', textOf), cells: (text) => [Buffer.from(text as string)] },
    key: {
      ...kept('bytea', textOf),
      columns: (name) => [name.replace(/_id$/, '_key')],
      cells: (id) => [plainKeyOf(id as string)],
    },
    call: {
      type: 'bytea',
      columns: () => ['call_key', 'long_id'],
      cells: (id) => [keyOf(id as string), longIdOf(id as string)],
      value: ([key, longId = null]) => idOf(key as Buffer, longId as Buffer | null),
    },
    serial: kept('integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY', Number),
    longSerial: kept('bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY', Number),
  },
  suffix: () => '',
  schema: 'rollcall.',
  place: (n) => `$${n}`,
  takesArrays: true,
  spell: (text) => text,
};
