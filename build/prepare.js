import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';

// What npm runs after an installation: the page is built where its builder is installed. Where it is not, as after
// `npm ci --omit=dev`, that is no failure: the server then says in words how the page is made.
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

// The npm scripts begin with `exec`, so that a signal to npm reaches the server and not a shell before it. cmd.exe has no
// such command, and no signals: this file makes it one that runs the rest of the line.
if (process.platform === 'win32')
  writeFileSync(new URL('../node_modules/.bin/exec.cmd', import.meta.url), '@%*\r\n');
