/** What depends on how Rollcall was started: from a clone, by npx, installed, or in a container. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The folder of the package, with its documents; a clone runs the sources and an installed package what was compiled. */
const folder = join(import.meta.dirname, '../..');
const isClone = import.meta.filename.endsWith('.ts');

export interface Installation {
  readonly isClone: boolean;
  /** The id of the container, by which `docker exec` finds it. */
  readonly container?: string | undefined;
  /** What npx installed, such as `rollcall` or `./rollcall-1.2.3.tgz`. */
  readonly npxPackage?: string | undefined;
}

/** Returns the command line by which this user runs Rollcall once more, to be followed by a command. */
export function programCall({ isClone, container, npxPackage }: Installation = installation()): string {
  if (isClone) return 'npm run -s rollcall --';
  if (container !== undefined) return `docker exec ${container} rollcall`;
  if (npxPackage === undefined) return 'rollcall';
  // A package in a file is asked about each time.
  return npxPackage.includes('/') ? `npx --yes ${npxPackage}` : `npx ${npxPackage}`;
}

/** The same for help, which a container that has ended may have printed: its id runs nothing. */
export function programInHelp(installed: Installation = installation()): string {
  return installed.container === undefined ? programCall(installed) : 'rollcall';
}

/**
 * Returns a message with the full path of each document that it names: an installed package has them in a folder that its
 * user has not seen.
 *
 * @param documents The folder; `undefined` in a clone, where the names are paths.
 */
export function withDocuments(text: string, documents = isClone ? undefined : join(folder, 'docs')): string {
  return documents === undefined
    ? text
    : text.replaceAll(/(?<![\w./-])docs\/(?=[\w./-]*\w\.(?:md|json)\b)/g, `${documents}/`);
}

function installation(): Installation {
  return {
    isClone,
    container: existsSync('/.dockerenv') && folder === '/app' ? hostname() : undefined,
    npxPackage: process.env['npm_command'] === 'exec' ? installedByNpx() : undefined,
  };
}

/** npx notes what it installed in the package.json above `node_modules/rollcall`; a package that was there has no such note. */
function installedByNpx(): string {
  try {
    const { _npx } = JSON.parse(readFileSync(join(folder, '../../package.json'), 'utf8')) as {
      readonly _npx?: { readonly packages?: readonly string[] };
    };
    return _npx?.packages?.[0] ?? 'rollcall';
  } catch {
    return 'rollcall';
  }
}
