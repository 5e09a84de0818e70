/** The writes that a decision returns: rows by column name, from which an engine builds statements. */
import type { ColumnOf, RowOf, TableName, Tables } from './tables.ts';

export type RowWrite = { readonly [T in TableName]: WriteTo<T> }[TableName];

type WriteTo<T extends TableName> =
  | { readonly insert: T; readonly row: NewRow<T> }
  /** Inserts a row, unless a row has the same key. */
  | { readonly add: T; readonly row: RowOf<T> }
  /** Inserts rows with different keys; each replaces the row with its key. */
  | { readonly put: T; readonly rows: readonly RowOf<T>[] }
  /** Updates the rows with these values; rows that do not exist are not created. */
  | {
      readonly update: T;
      readonly where: Partial<RowOf<T>>;
      readonly set: Partial<RowOf<T>>;
      /** Columns that are incremented. */
      readonly add?: { readonly [C in ColumnOf<T>]?: number };
    }
  | { readonly delete: T; readonly where: Partial<RowOf<T>> };

/** A row without the columns that the engine assigns or fills in. */
type NewRow<T extends TableName> = Omit<RowOf<T>, GivenColumn<T>>;

type GivenColumn<T extends TableName> =
  | {
      [C in ColumnOf<T>]: C extends keyof Tables[T]['columns']
        ? Tables[T]['columns'][C] extends 'serial' | 'longSerial'
          ? C
          : never
        : never;
    }[ColumnOf<T>]
  | (Tables[T] extends { readonly defaults: infer D } ? keyof D : never);
