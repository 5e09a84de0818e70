/**
 * Sets `engines.node` in package.json. The published package requires the Node that runs it. A clone accepts an older one,
 * because `npm ci` installs the right Node there, and would otherwise print a warning about it.
 *
 * `npm pack` runs `engines.js packed` before it reads the files and `engines.js clone` after it has written the package.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const ranges = { packed: '>=24', clone: '>=20' };
const range = ranges[process.argv[2]];
if (range === undefined) {
  process.stderr.write(
    `engines.js: '${process.argv[2] ?? ''}' is not a form of the package. Use packed or clone.\n`,
  );
  process.exit(2);
}

const path = new URL('../package.json', import.meta.url);
const text = readFileSync(path, 'utf8');
writeFileSync(path, text.replace(/("engines": \{\s*"node": ")[^"]*"/, `$1${range}"`));
