import { existsSync, readdirSync, rmSync } from 'node:fs';

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
