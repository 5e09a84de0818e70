/** Defines the table with one row per media stream of a segment, which shows the quality of a call. */
import { edms, structuredType } from '../../contract/edm.ts';
import { type Cell, cellIn, cellTypeOf, type Column, listIn, millisecondsIn, objectIn } from '../cell.ts';
import { callCells, callColumns, typedColumns, type Table } from '../table.ts';

const properties = [
  ...structuredType(edms['v1.0'], 'microsoft.graph.callRecords.mediaStream').properties.values(),
];

/** Durations become milliseconds, as their column names state. */
const streamColumns: readonly Column[] = properties.map(({ name, type }) =>
  type === 'Edm.Duration' ? { name: `${name}Ms`, type: 'double' } : { name, type: cellTypeOf(type) },
);

export const streamsTable: Table = {
  columns: [
    ...callColumns,
    ...typedColumns(
      'string',
      'sessionId',
      'segmentId',
      'label',
      'callerConnectionType',
      'calleeConnectionType',
    ),
    ...streamColumns,
  ],
  parts: ['sessions', 'segments'],
  async *rows(call) {
    for await (const { session, segments } of call.sessionsWithSegments()) {
      for (const segment of segments ?? []) {
        for (const media of listIn(segment, 'media')) {
          const place = [
            ...callCells(call),
            cellIn(session, 'id', 'string'),
            cellIn(segment, 'id', 'string'),
            cellIn(media, 'label', 'string'),
            cellIn(objectIn(media, 'callerNetwork'), 'connectionType', 'string'),
            cellIn(objectIn(media, 'calleeNetwork'), 'connectionType', 'string'),
          ];
          for (const stream of listIn(media, 'streams')) yield [...place, ...streamCells(stream)];
        }
      }
    }
  },
};

function streamCells(stream: unknown): readonly Cell[] {
  return properties.map(({ name, type }) =>
    type === 'Edm.Duration' ? millisecondsIn(stream, name) : cellIn(stream, name, cellTypeOf(type)),
  );
}
