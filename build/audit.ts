/** Holds what is installed against known advisories: one that is not allowed in writing ends it with 1. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { allowances, audited } from './audit-report.ts';

const allowed = allowances.parse(
  JSON.parse(await readFile(new URL('audit-allowed.json', import.meta.url), 'utf8')),
);
let isFailed = false;
for (const [what, flags] of [
  ['production', ['--omit=dev']],
  ['production and development', []],
] as const) {
  const { lines, hasFailed } = audited(await npmAudit(flags), allowed, new Date());
  for (const line of lines) console.log(`audit of ${what}: ${line}`);
  isFailed ||= hasFailed;
}
process.exitCode = isFailed ? 1 : 0;

/** @returns What it writes, whatever it ends with: advisories make it end with 1 */
function npmAudit(flags: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--json', ...flags], { maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
