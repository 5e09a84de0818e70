/** docs/errors.md: every fault with its status, its code, when it comes and what to do. */
import { type DescribedFault, type FaultName, faults } from '../../src/contract/faults.ts';
import { statusOf } from '../../src/graph/error-response.ts';
import { wrapped } from './wrapped.ts';

const introduction = `# Errors

Every refusal is Graph's envelope:

\`\`\`json
{
  "error": {
    "code": "BadRequest",
    "message": "The query option '$top' is not supported by this resource.",
    "innerError": { "date": "2026-03-02T11:00:00", "request-id": "…", "client-request-id": "…" }
  }
}
\`\`\`

Below, by status: the name in Rollcall's code, \`error.code\`, when it occurs, and what to do if it is not what the message
says.
`;

export function errorsPage(): string {
  const names = Object.keys(faults) as FaultName[]; // the table's own keys
  const byStatus = Map.groupBy(
    names.toSorted((a, b) => statusOf(a) - statusOf(b)),
    statusOf,
  );
  return [
    introduction,
    ...[...byStatus].flatMap(([status, faultNames]) => [`## ${status}`, '', ...faultNames.map(item), '']),
  ].join('\n');
}

function item(name: FaultName): string {
  const { code, when, remedy }: DescribedFault = faults[name];
  return wrapped('- ', `\`${name}\` (\`${code}\`): ${when}${remedy === undefined ? '' : ` ${remedy}`}`);
}
