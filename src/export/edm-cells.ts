/** EDM types as types of cells. */
import type { CellType } from './cell.ts';

const types: Readonly<Record<string, CellType>> = {
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
  return types[edmType] ?? 'string';
}
