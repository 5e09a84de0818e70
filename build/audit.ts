/** Compares installed packages with known advisories, and exits with 1 for one that audit-allowed.json does not allow. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { allowances, audited } from './audit-report.ts';

const allowed = allowances.parse(
  JSON.parse(await readFile(new URL('audit-allowed.json', import.meta.url), 'utf8')),
);
let isFailed = false;
for (const [what, flags] of [
  ['production', ['--omit=dev']],
  ['production and development', []],
  ['tests', ['--prefix', fileURLToPath(new URL('../test', import.meta.url))]],
] as const) {
  const { lines, hasFailed } = audited(await npmAudit(flags), allowed, new Date());
  for (const line of lines) console.log(`audit of ${what}: ${line}`);
  isFailed ||= hasFailed;
}
process.exitCode = isFailed ? 1 : 0;

/** @returns Its output, regardless of its exit code: it exits with 1 when there are advisories */
function npmAudit(flags: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--json', ...flags], { maxBuffer: 2 ** 26 }, (_error, stdout) =>
      resolve(stdout),
    );
  });
}
