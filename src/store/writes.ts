/** What a decision of the store has written: rows by the names of their columns, which an engine makes statements of. */
import type { ColumnOf, RowOf, TableName, Tables } from './tables.ts';

export type RowWrite = { readonly [T in TableName]: WriteTo<T> }[TableName];

type WriteTo<T extends TableName> =
  | { readonly insert: T; readonly row: NewRow<T> }
  /** Inserts a row, or replaces the one that has its key. */
  | { readonly put: T; readonly row: RowOf<T> }
  /** Changes the rows that have these values; those that are not there stay so. */
  | {
      readonly update: T;
      readonly where: Partial<RowOf<T>>;
      readonly set: Partial<RowOf<T>>;
      /** Columns that grow. */
      readonly add?: { readonly [C in ColumnOf<T>]?: number };
    }
  | { readonly delete: T; readonly where: Partial<RowOf<T>> };

/** A row without the numbers that the engine gives, and without what it fills in. */
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
