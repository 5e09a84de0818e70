/** docs/errors.md: every fault with its status, its code, when it comes and what to do. */
import { type FaultName, faults } from '../../src/contract/faults.ts';
import { statusOf } from '../../src/graph/error-response.ts';

const introduction = `# Errors

Every refusal is Graph's envelope:

\`\`\`json
{
  "error": {
    "code": "BadRequest",
    "message": "The query option '$top' is not offered by this resource.",
    "innerError": { "date": "2026-03-02T11:00:00", "request-id": "…", "client-request-id": "…" }
  }
}
\`\`\`
`;

export function errorsPage(): string {
  const names = Object.keys(faults) as FaultName[]; // the table's own keys
  const rows = names
    .sort((a, b) => statusOf(a) - statusOf(b))
    .map((name) => {
      const { code, when, remedy } = faults[name];
      return `| \`${name}\` | ${statusOf(name)} | \`${code}\` | ${when} | ${remedy} |`;
    });
  return [
    introduction,
    '| fault | status | code | when | what to do |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
