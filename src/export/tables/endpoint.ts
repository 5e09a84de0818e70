/** Defines the columns of the two endpoints of a session or a segment. */
import { type Cell, cellIn, type Column, type JsonObject, objectIn } from '../cell.ts';
import { endpointIdentity, identityCells, identityColumns } from '../identity.ts';
import { typedColumns } from '../table.ts';

const endColumns = (end: string): readonly Column[] => [
  ...identityColumns(end),
  ...['Name', 'Platform', 'ProductFamily', 'UserAgent'].map((name) => ({
    name: `${end}${name}`,
    type: 'string' as const,
  })),
];

/** The columns that sessions and segments share: times, failure and endpoints. */
export const spanColumns: readonly Column[] = [
  ...typedColumns('dateTime', 'startDateTime', 'endDateTime'),
  ...typedColumns('string', 'failureStage', 'failureReason'),
  ...endColumns('caller'),
  ...endColumns('callee'),
];

export function spanCells(span: JsonObject): readonly Cell[] {
  const failure = objectIn(span, 'failureInfo');
  return [
    cellIn(span, 'startDateTime', 'dateTime'),
    cellIn(span, 'endDateTime', 'dateTime'),
    cellIn(failure, 'stage', 'string'),
    cellIn(failure, 'reason', 'string'),
    ...endCells(objectIn(span, 'caller')),
    ...endCells(objectIn(span, 'callee')),
  ];
}

function endCells(endpoint: JsonObject | undefined): readonly Cell[] {
  const agent = objectIn(endpoint, 'userAgent');
  return [
    ...identityCells(endpointIdentity(endpoint)),
    cellIn(endpoint, 'name', 'string'),
    // A service endpoint has a role instead of a platform.
    cellIn(agent, 'platform', 'string') ?? cellIn(agent, 'role', 'string'),
    cellIn(agent, 'productFamily', 'string'),
    cellIn(agent, 'headerValue', 'string'),
  ];
}
