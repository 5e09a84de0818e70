/** Determines how Rollcall was started: from a clone, by npx, installed, or in a container. */
import { existsSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** The folder of the package, with its documents. A clone runs the sources, an installed package the compiled code. */
const folder = join(import.meta.dirname, '../..');
const isClone = import.meta.filename.endsWith('.ts');

export interface Installation {
  readonly isClone: boolean;
  /** The id of the container, for `docker exec`. */
  readonly container?: string | undefined;
  /** The package that npx installed, such as `rollcall` or `./rollcall-1.2.3.tgz`. */
  readonly npxPackage?: string | undefined;
}

/** Returns the command line with which this user can run Rollcall again, to be followed by a command. */
export function programCall({ isClone, container, npxPackage }: Installation = installation()): string {
  if (isClone) return 'npm run -s rollcall --';
  if (container !== undefined) return `docker exec ${container} rollcall`;
  if (npxPackage === undefined) return 'rollcall';
  // npx asks for confirmation of a package file each time.
  return npxPackage.includes('/') ? `npx --yes ${npxPackage}` : `npx ${npxPackage}`;
}

/** Returns the command line for help. A container that printed it may have ended, so its id is not used. */
export function programInHelp(installed: Installation = installation()): string {
  return installed.container === undefined ? programCall(installed) : 'rollcall';
}

/**
 * Replaces the documents named in a message by their full paths, because an installed package has them in a folder that
 * the user does not know.
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

/**
 * Returns the package that npx recorded in the package.json above `node_modules/rollcall`; other installations have no
 * such record.
 */
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
