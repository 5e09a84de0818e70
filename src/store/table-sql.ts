/** Builds statements for the bookkeeping tables from their definitions, in the dialect of an engine. */
import type { Row, SQLOutput } from './rows.ts';
import {
  type ColumnKind,
  type ColumnOf,
  type ColumnType,
  isNullable,
  columnKind,
  type TableName,
  tableOf,
  type Tables,
  type ValueOf,
} from './tables.ts';
import type { RowWrite } from './writes.ts';

/** Defines how an engine stores a kind of column. `V` is the type of value that its driver takes. */
export interface KindOfEngine<V> {
  readonly type: string;
  /** The SQL columns that store it; the first is unique per value. */
  readonly columns: (name: string) => readonly string[];
  /** Returns the SQL values to write. */
  readonly cells: (value: unknown) => readonly V[];
  /** Returns the value in SQL columns of which the first is not null. */
  readonly value: (cells: readonly SQLOutput[]) => unknown;
}

/** Defines how an engine spells a statement. */
export interface Dialect<V> {
  readonly kinds: Readonly<Record<ColumnKind, KindOfEngine<V>>>;
  /** The prefix of a table name: `rollcall.`. */
  readonly schema: string;
  /** Returns the text after the columns of a table with this key. */
  readonly suffix: (key: readonly ColumnKind[]) => string;
  /** Returns the placeholder of a statement's nth value, counted from 1. */
  readonly place: (n: number) => string;
  /** True where a statement takes the values of many rows as one array per column. */
  readonly takesArrays: boolean;
  /** Translates a statement from PostgreSQL's spelling. */
  readonly spell: (text: string) => string;
}

/** Returns the CREATE TABLE statement of a definition, for the migration that adds the table. */
export function tableText(dialect: Dialect<unknown>, name: TableName): string {
  const { columns, key, unique, references = {}, defaults = {} } = tableOf(name);
  const named = (names: readonly string[]) =>
    names.map((one) => dialect.kinds[kindIn(name, one)].columns(one)[0]).join(', ');
  const lines = Object.entries(columns).flatMap(([column, type]) => {
    const kind = columnKind(type);
    const given = defaults[column];
    const target = references[column];
    const more = [
      ...(isNullable(type) ? [] : [' NOT NULL']),
      ...(given === undefined ? [] : [` DEFAULT ${given}`]),
      ...(target === undefined ? [] : [` REFERENCES ${dialect.schema}${target}`]),
    ].join('');
    const { type: own, columns: columnsOf } = dialect.kinds[kind];
    const [first, ...others] = columnsOf(column);
    // The type of a number that the engine assigns declares the primary key.
    if (isSerial(kind)) return [`${first} ${own}`];
    return [`${first} ${own}${more}`, ...others.map((one) => `${one} ${own}`)];
  });
  const kinds = key.map((one) => kindIn(name, one));
  if (!kinds.some(isSerial)) lines.push(`PRIMARY KEY (${named(key)})`);
  if (unique !== undefined) lines.push(`UNIQUE (${named(unique)})`);
  return `CREATE TABLE ${dialect.schema}${name} (\n  ${lines.join(',\n  ')}\n)${dialect.suffix(kinds)};`;
}

export function isSerial(kind: ColumnKind): boolean {
  return kind === 'serial' || kind === 'longSerial';
}

interface Statement<V> {
  readonly text: string;
  readonly values: readonly (V | null)[];
}

export function statementsOf<V>(dialect: Dialect<V>, write: RowWrite): readonly Statement<V>[] {
  if ('insert' in write) return [insertion(dialect, write.insert, write.row)];
  if ('put' in write) return replacements(dialect, write.put, write.rows);
  if ('update' in write) {
    const { update: table, set, add = {}, where } = write;
    const cells = new Cells(dialect, table);
    const changes = [
      ...cells.each(set, (name, place) => `${name} = ${place}`),
      ...cells.each(add, (name, place) => `${name} = ${name} + ${place}`),
    ];
    const text = `UPDATE ${dialect.schema}${table} SET ${changes.join(', ')} WHERE ${cells.equal(where)}`;
    return [{ text, values: cells.values }];
  }
  if ('add' in write) {
    const { text, values } = insertion(dialect, write.add, write.row);
    return [{ text: `${text} ON CONFLICT DO NOTHING`, values }];
  }
  const cells = new Cells(dialect, write.delete);
  const text = `DELETE FROM ${dialect.schema}${write.delete} WHERE ${cells.equal(write.where)}`;
  return [{ text, values: cells.values }];
}

/** Writes rows in place of those with their keys: by one statement where the engine takes arrays. */
function replacements<V>(
  dialect: Dialect<V>,
  table: TableName,
  rows: readonly object[],
): readonly Statement<V>[] {
  const [first] = rows;
  if (first === undefined) return [];
  const { key } = tableOf(table);
  const kindOf = (name: string) => dialect.kinds[kindIn(table, name)];
  const set = Object.keys(first)
    .filter((name) => !key.includes(name))
    .flatMap((name) => kindOf(name).columns(name))
    .map((name) => `${name} = excluded.${name}`);
  const target = key.map((name) => kindOf(name).columns(name)[0]);
  const orReplace = `ON CONFLICT (${target.join(', ')}) DO UPDATE SET ${set.join(', ')}`;
  const insertions = rows.map((row) => insertion(dialect, table, row));
  if (!dialect.takesArrays)
    return insertions.map(({ text, values }) => ({ text: `${text} ${orReplace}`, values }));
  const columns = Object.keys(first).flatMap((name) =>
    kindOf(name)
      .columns(name)
      .map((column) => ({ column, type: kindOf(name).type })),
  );
  const arrays = columns.map(({ type }, i) => `${dialect.place(i + 1)}::${type}[]`);
  return [
    {
      text: `INSERT INTO ${dialect.schema}${table} (${columns.map(({ column }) => column).join(', ')})
        SELECT * FROM unnest(${arrays.join(', ')}) ${orReplace}`,
      values: columns.map((_, i) => insertions.map(({ values }) => values[i] ?? null) as V), // such an engine's values include arrays
    },
  ];
}

function insertion<V>(dialect: Dialect<V>, table: TableName, row: object): Statement<V> {
  const cells = new Cells(dialect, table);
  const places: string[] = [];
  const names = cells.each(row, (name, place) => {
    places.push(place);
    return name;
  });
  const text = `INSERT INTO ${dialect.schema}${table} (${names.join(', ')}) VALUES (${places.join(', ')})`;
  return { text, values: cells.values };
}

/** Collects the values of a statement while its text is written. */
class Cells<V> {
  readonly values: (V | null)[] = [];
  readonly #dialect: Dialect<V>;
  readonly #table: TableName;

  constructor(dialect: Dialect<V>, table: TableName) {
    this.#dialect = dialect;
    this.#table = table;
  }

  each(row: object, write: (column: string, place: string) => string, most = Infinity): string[] {
    return Object.entries(row).flatMap(([name, value]: [string, unknown]) => {
      const kind = this.#dialect.kinds[kindIn(this.#table, name)];
      const cells = value === undefined ? [] : kind.cells(value);
      return kind
        .columns(name)
        .slice(0, most)
        .map((column, i) => write(column, this.#dialect.place(this.values.push(cells[i] ?? null))));
    });
  }

  equal(where: object): string {
    return this.each(where, (name, place) => `${name} = ${place}`, 1).join(' AND ');
  }
}

function kindIn(table: TableName, name: string): ColumnKind {
  const type = tableOf(table).columns[name];
  if (type === undefined) throw new Error(`The table ${table} has no column ${name}.`);
  return columnKind(type);
}

/**
 * The fields of a result: each is a column of a table, by alias; a question mark marks one that an outer join may leave
 * null.
 */
interface Fields<R> {
  readonly aliases: Readonly<Record<string, TableName>>;
  readonly fields: Readonly<Record<string, string>>;
  /** Expressions that are counts. */
  readonly counts: Readonly<Record<string, string>>;
  /** Exists only as a type. */
  readonly row?: R;
}

type FieldOf<A extends Record<string, TableName>> = {
  [K in keyof A & string]: `${K}.${ColumnOf<A[K]>}` | `${K}.${ColumnOf<A[K]>}?`;
}[keyof A & string];
type FieldValue<A extends Record<string, TableName>, F> = F extends `${infer K}.${infer C}?`
  ? K extends keyof A
    ? ColumnValue<A[K], C> | undefined
    : never
  : F extends `${infer K}.${infer C}`
    ? K extends keyof A
      ? ColumnValue<A[K], C>
      : never
    : never;
type ColumnValue<T extends TableName, C> = C extends keyof Tables[T]['columns']
  ? Tables[T]['columns'][C] extends ColumnType
    ? ValueOf<Tables[T]['columns'][C]>
    : never
  : never;

export function fieldsOf<
  const A extends Record<string, TableName>,
  const F extends Record<string, FieldOf<A>>,
  const C extends string = never,
>(
  aliases: A,
  fields: F,
  counts = {} as Readonly<Record<C, string>>, // without counts, C is never
): Fields<{ readonly [N in keyof F]: FieldValue<A, F[N]> } & { readonly [N in C]: number }> {
  return { aliases, fields, counts };
}

/** A statement whose rows have fields. */
export interface Selecting<R> {
  readonly fields: Fields<R>;
  /** Returns the text for the columns of the fields. */
  readonly text: (columns: string) => string;
}

export function selecting<R>(fields: Fields<R>, text: (columns: string) => string): Selecting<R> {
  return { fields, text };
}

/** The row type that fields are read as. */
export type FieldsRow<F> = F extends { readonly row?: infer R } ? NonNullable<R> : never;

/** The columns of fields in a SELECT, and the function that reads a row of the result. */
interface Selection<R> {
  readonly list: string;
  readonly read: (row: Row) => R;
}

export function selectionOf<R>(
  dialect: Dialect<unknown>,
  { aliases, fields, counts }: Fields<R>,
): Selection<R> {
  let width = 0;
  const columnParts = Object.entries(fields).map(([name, field]) => {
    const [alias = '', column = ''] = field.replace('?', '').split('.');
    const table = aliases[alias];
    if (table === undefined) throw new Error(`No table has the alias ${alias}.`);
    const kind = dialect.kinds[kindIn(table, column)];
    const columns = kind.columns(column).map((one) => `${alias}.${one}`);
    const from = width;
    width += columns.length;
    return { name, kind, columns, from, to: width };
  });
  const countParts = Object.entries<string>(counts).map(([name, text]) => ({
    ...{ name, kind: dialect.kinds.count, columns: [text], from: width, to: ++width },
  }));
  const parts = [...columnParts, ...countParts];
  return {
    list: parts.flatMap(({ columns }) => columns).join(', '),
    read(row) {
      const result: Record<string, unknown> = {};
      for (const { name, kind, from, to } of parts) {
        const cells = row.slice(from, to);
        result[name] = (cells[0] ?? null) === null ? undefined : kind.value(cells);
      }
      return result as R; // has a value of each field's kind
    },
  };
}

/** Adds the counts of days by outcome and by reason. The numbers of columns are those of this migration. */
export function dayColumnsOf(table: string, type: string): string {
  const names = [
    ...Array.from({ length: 7 }, (_, i) => `outcome_${i}`),
    ...Array.from({ length: 12 }, (_, i) => `reason_${i}`),
  ];
  return names
    .map((name) => `ALTER TABLE ${table} ADD COLUMN ${name} ${type} NOT NULL DEFAULT 0;`)
    .join('\n  ');
}
