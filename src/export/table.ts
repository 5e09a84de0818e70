/** Defines a table that `--what` names: its columns, and the rows of a call. */
import type { CallPart } from './call-blocks.ts';
import type { Cell, CellType, Column } from './cell.ts';
import { formatTicks } from '../base/ticks.ts';
import type { StoredCall } from './stored-call.ts';

export interface Table {
  readonly columns: readonly Column[];
  /** The lists of a call that the rows need. */
  readonly parts: readonly CallPart[];
  /** Returns the cells in the order of the columns. */
  rows(call: StoredCall): Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>;
}

export function typedColumns(type: CellType, ...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, type }));
}

/** The columns of the call, which are the first of every table except that of calls. */
export const callColumns: readonly Column[] = [
  { name: 'callId', type: 'string' },
  { name: 'callVersion', type: 'integer' },
  { name: 'callStartDateTime', type: 'dateTime' },
];

export function callCells({ edition }: StoredCall): readonly Cell[] {
  const { callId, version, startTicks } = edition;
  return [callId, version, startTicks === undefined ? undefined : formatTicks(startTicks)];
}
