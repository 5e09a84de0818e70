/** Defines the roll as a table: its columns and a cell of each person. */
import { failureWords } from '../contract/failure.ts';
import { kindName } from '../contract/identity-kinds.ts';
import type { RollPerson } from './roll.ts';

interface RollColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'dateTime';
  readonly cell: (person: RollPerson) => string | number | null;
}

function column(name: string, type: RollColumn['type'], cell: RollColumn['cell']): RollColumn {
  return { name, type, cell };
}

export const rollColumns: readonly RollColumn[] = [
  column('name', 'string', ({ name }) => name),
  column('kind', 'string', ({ kind }) => kindName(kind)),
  column('affiliation', 'string', ({ affiliation }) => affiliation),
  column('user principal name', 'string', ({ userPrincipalName }) => userPrincipalName),
  column('tenant id', 'string', ({ tenantId }) => tenantId),
  column('tenant name', 'string', ({ tenantName }) => tenantName),
  column('joined', 'dateTime', ({ joinedDateTime }) => joinedDateTime),
  column('left', 'dateTime', ({ leftDateTime }) => leftDateTime),
  column('present seconds', 'integer', ({ presentSeconds }) => presentSeconds),
  column('devices', 'string', ({ platforms }) => platforms.join(', ')),
  column('inferred from', 'string', ({ inferredFrom }) => inferredFrom),
  column('failures', 'string', ({ failures }) => failures.map(failureWords).join('; ')),
  column('id', 'string', ({ id }) => id),
];
