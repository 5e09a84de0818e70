/**
 * Installs what the tests alone need (test/package.json) where it is missing or its lock file has changed. Plain JavaScript, so
 * that any Node reads it. Without a network it says so and ends with 0, and vitest.config.ts leaves out the tests that need
 * it; with `--required` it ends with 1.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** npm writes the second file when it has installed everything of the first. */
function isInstalled() {
  const installed = `${folder}node_modules/.package-lock.json`;
  if (!existsSync(installed)) return false;
  const [wanted, found] = [`${folder}package-lock.json`, installed].map(
    (file) => JSON.parse(readFileSync(file, 'utf8')).packages,
  );
  return Object.entries(wanted).every(
    ([path, { version, integrity, optional }]) =>
      path === '' || optional || (found[path]?.version === version && found[path].integrity === integrity),
  );
}

if (!isInstalled()) {
  console.error('Installing the packages that only the tests need (test/package.json)…');
  const args = ['ci', '--prefix', folder, '--no-audit', '--prefer-offline'];
  const { status } = spawnSync('npm', args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) {
    console.error(
      `The packages of test/package.json are not installed: npm ended with ${status}. Run \`npm ci --prefix test\` where the registry can be reached.`,
    );
    if (process.argv.includes('--required')) process.exitCode = 1;
  }
}
