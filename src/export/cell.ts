/** Defines the cells and columns of a table for CSV, Parquet and JSON Lines. */
import { parseTicks } from '../base/ticks.ts';

export type Cell = string | number | bigint | boolean | undefined;

/**
 * The type of a cell. `integer` has 64 bits; `dateTime` is a `DateTimeOffset` as text with the received digits. Lists
 * of strings are joined by commas.
 */
export type CellType = 'string' | 'integer' | 'double' | 'boolean' | 'dateTime';

export interface Column {
  readonly name: string;
  readonly type: CellType;
}

const typesOfEdm: Readonly<Record<string, CellType>> = {
  'Edm.Boolean': 'boolean',
  'Edm.Int16': 'integer',
  'Edm.Int32': 'integer',
  'Edm.Int64': 'integer',
  'Edm.Single': 'double',
  'Edm.Double': 'double',
  'Edm.Decimal': 'double',
  'Edm.DateTimeOffset': 'dateTime',
};

/** Returns the cell type of an EDM type. Enumerations, GUIDs and other types that are strings in JSON become text. */
export function cellTypeOf(edmType: string): CellType {
  return typesOfEdm[edmType] ?? 'string';
}

/** The parsed form of stored JSON: every member is checked where it is used. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function objectIn(from: unknown, name: string): JsonObject | undefined {
  const value = isObject(from) ? from[name] : undefined;
  return isObject(value) ? value : undefined;
}

export function listIn(from: unknown, name: string): readonly unknown[] {
  const value = isObject(from) ? from[name] : undefined;
  return Array.isArray(value) ? value : [];
}

/** Returns a member as a cell; a value of another type is omitted, not converted. */
export function cellIn(from: unknown, name: string, type: CellType): Cell {
  const value = isObject(from) ? from[name] : undefined;
  if (value === undefined || value === null) return undefined;
  switch (type) {
    case 'string':
      return wordsOf(value);
    case 'boolean':
      return typeof value === 'boolean' ? value : undefined;
    case 'double':
      return typeof value === 'number' ? value : undefined;
    case 'integer':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
    case 'dateTime':
      return typeof value === 'string' && parseTicks(value) !== undefined ? value : undefined;
  }
}

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value.join(',');
  return JSON.stringify(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const duration = /^(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/** Returns an `Edm.Duration` in milliseconds. */
export function millisecondsIn(from: unknown, name: string): number | undefined {
  const value = isObject(from) ? from[name] : undefined;
  const match = typeof value === 'string' ? duration.exec(value) : null;
  if (match === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const whole = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  // Three fractional digits of a millisecond, because the service writes units of 100 ns.
  const ms = Math.round((whole * 60 + Number(seconds)) * 1e7) / 1e4;
  return sign === '-' ? -ms : ms;
}
