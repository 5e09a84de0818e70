/** Defines the table with one row per session. */
import { cellIn } from '../cell.ts';
import { callCells, callColumns, typedColumns, type Table } from '../table.ts';
import { spanCells, spanColumns } from './endpoint.ts';

export const sessionsTable: Table = {
  columns: [
    ...callColumns,
    ...typedColumns('string', 'id', 'modalities'),
    { name: 'isTest', type: 'boolean' },
    ...spanColumns,
    { name: 'segments', type: 'integer' },
  ],
  parts: ['sessions', 'segments'],
  async *rows(call) {
    for await (const { session, segments } of call.sessionsWithSegments()) {
      yield [
        ...callCells(call),
        cellIn(session, 'id', 'string'),
        cellIn(session, 'modalities', 'string'),
        cellIn(session, 'isTest', 'boolean'),
        ...spanCells(session),
        segments?.length,
      ];
    }
  },
};
