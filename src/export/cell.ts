/** A value of a table, and the columns that name them: the same for CSV, Parquet and JSON Lines. */
import { parseTicks } from '../base/ticks.ts';

export type Cell = string | number | bigint | boolean | undefined;

/**
 * `integer` is of 64 bits; `dateTime` a `DateTimeOffset` as text, in the digits received. Lists of words are texts
 * joined by commas.
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

/** Enumerations, GUIDs and whatever else is text on the wire are text. */
export function cellTypeOf(edmType: string): CellType {
  return typesOfEdm[edmType] ?? 'string';
}

/** What stored JSON is read to: every member is checked where it is used. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function objectIn(from: unknown, name: string): JsonObject | undefined {
  const value = isObject(from) ? from[name] : undefined;
  return isObject(value) ? value : undefined;
}

export function listIn(from: unknown, name: string): readonly unknown[] {
  const value = isObject(from) ? from[name] : undefined;
  return Array.isArray(value) ? value : [];
}

/** A member as a cell of a type; what is of another type is left out rather than bent. */
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

/** An `Edm.Duration` in milliseconds. */
export function millisecondsIn(from: unknown, name: string): number | undefined {
  const value = isObject(from) ? from[name] : undefined;
  const match = typeof value === 'string' ? duration.exec(value) : null;
  if (match === null) return undefined;
  const [, sign, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const whole = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes);
  // Three digits of a millisecond: the service writes ten-millionths of a second.
  const ms = Math.round((whole * 60 + Number(seconds)) * 1e7) / 1e4;
  return sign === '-' ? -ms : ms;
}
