/** What `--what` names when it is a table: columns, and the rows that a call has in it. */
import type { CallPart } from './call-blocks.ts';
import type { Cell, Column } from './cell.ts';
import { formatTicks } from '../base/ticks.ts';
import type { StoredCall } from './stored-call.ts';

export interface Table {
  readonly columns: readonly Column[];
  /** Lists of a call that the rows are made of. */
  readonly parts: readonly CallPart[];
  /** Cells in the order of the columns. */
  rows(call: StoredCall): Iterable<readonly Cell[]> | AsyncIterable<readonly Cell[]>;
}

export function times(...names: readonly string[]): readonly Column[] {
  return names.map((name) => ({ name, type: 'dateTime' }));
}

/** The call that a row belongs to: the first columns of every table but that of calls. */
export const callColumns: readonly Column[] = [
  { name: 'callId', type: 'string' },
  { name: 'callVersion', type: 'integer' },
  { name: 'callStartDateTime', type: 'dateTime' },
];

export function callCells({ edition }: StoredCall): readonly Cell[] {
  const { callId, version, startTicks } = edition;
  return [callId, version, startTicks === undefined ? undefined : formatTicks(startTicks)];
}
