import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

// npm runs this after an installation. It builds the page if the build tool is installed. Otherwise, as after `npm ci
// --omit=dev`, the server reports how to build the page.
let canBuild = true;
try {
  import.meta.resolve('esbuild');
} catch {
  canBuild = false;
}
if (canBuild) await import('./page.ts');
else
  console.error(
    'The page is not built: esbuild is not installed. Run `npm ci` for it, then `npm run build:page`.',
  );

// Node's C headers are for native modules, which nothing here compiles: 67 MB.
const platforms = new URL('../node_modules/node/node_modules/', import.meta.url);
if (existsSync(platforms))
  for (const name of readdirSync(platforms))
    rmSync(new URL(`${name}/include/`, platforms), { recursive: true, force: true });

// The npm scripts begin with `exec`, so that a signal to npm reaches the server and not a shell. cmd.exe has neither
// the command nor signals: this file defines `exec` as a command that runs the rest of the line.
if (process.platform === 'win32')
  writeFileSync(new URL('../node_modules/.bin/exec.cmd', import.meta.url), '@%*\r\n');
