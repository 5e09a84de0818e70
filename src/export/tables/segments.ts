/** Defines the table with one row per segment of a session. */
import { cellIn, listIn } from '../cell.ts';
import { callCells, callColumns, typedColumns, type Table } from '../table.ts';
import { spanCells, spanColumns } from './endpoint.ts';

export const segmentsTable: Table = {
  columns: [
    ...callColumns,
    ...typedColumns('string', 'sessionId', 'id'),
    ...spanColumns,
    { name: 'media', type: 'integer' },
  ],
  parts: ['sessions', 'segments'],
  async *rows(call) {
    for await (const { session, segments: all } of call.sessionsWithSegments()) {
      for (const segment of all ?? []) {
        yield [
          ...callCells(call),
          cellIn(session, 'id', 'string'),
          cellIn(segment, 'id', 'string'),
          ...spanCells(segment),
          listIn(segment, 'media').length,
        ];
      }
    }
  },
};
