/** The page's files: its shell at each of its addresses, and what the shell loads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { parseQualityList } from '../../query/odata/quality-list.ts';
import type { OtherPaths } from '../http/api.ts';
import { bodyOf, type Exchange, send } from '../../graph/exchange.ts';
import { refuseOthers } from './json-response.ts';

/** Addresses that are links into the page: the page itself reads what stands in them. */
const shellPath = /^\/(?:calls(?:\/[^/]+)?|statistics|status)?$/;

/** What a page of this server may do: load its own scripts and styles, and ask its own server. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ');

const everyFile = ['X-Content-Type-Options', 'nosniff', 'Referrer-Policy', 'same-origin'];
const shellHeaders = [
  ...everyFile,
  ...['Content-Security-Policy', policy],
  ...['Cross-Origin-Opener-Policy', 'same-origin', 'Permissions-Policy', 'camera=(), microphone=()'],
  // What the shell names changes with each release; the names of what it loads say what is in them.
  ...['Cache-Control', 'no-cache'],
];
const assetHeaders = [...everyFile, 'Cache-Control', 'public, max-age=31536000, immutable'];

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html;charset=utf-8',
  '.js': 'text/javascript;charset=utf-8',
  '.css': 'text/css;charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain;charset=utf-8',
};
const encodings = [
  { name: 'br', extension: '.br' },
  { name: 'gzip', extension: '.gz' },
] as const;

interface File {
  readonly contentType: string;
  readonly plain: Buffer;
  readonly encoded: ReadonlyMap<string, Buffer>;
}

export interface PageFiles {
  /** Absent where the page was not built. */
  readonly shell: File | undefined;
  /** By name. */
  readonly assets: ReadonlyMap<string, File>;
}

/** @param folder As the build writes it. */
export function readPageFiles(folder: string): PageFiles {
  const shell = join(folder, 'index.html');
  if (!existsSync(shell)) return { shell: undefined, assets: new Map() };
  const assets = join(folder, 'assets');
  const names = readdirSync(assets).filter((name) => extname(name) in contentTypes);
  return {
    shell: readFile(shell),
    assets: new Map(names.map((name) => [name, readFile(join(assets, name))])),
  };
}

function readFile(path: string): File {
  const found = encodings.filter(({ extension }) => existsSync(path + extension));
  return {
    contentType: contentTypes[extname(path)]!, // only such were asked for
    plain: readFileSync(path),
    encoded: new Map(found.map(({ name, extension }) => [name, readFileSync(path + extension)])),
  };
}

let built: PageFiles | undefined;
/** The page of this package; read when it is first asked for. */
export function builtPage(): PageFiles {
  return (built ??= readPageFiles(join(packageFolder(), 'dist', 'page')));
}

/** The same from the sources and from the compiled package. */
function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

const notBuilt = `Rollcall serves the Graph API below /v1.0 and /beta; its page is not built.
Run \`npm ci && npm run build:page\` in Rollcall's folder, then start the server again.
`;

export function pageFiles(files: () => PageFiles): OtherPaths {
  return (exchange, path) => {
    if (shellPath.test(path)) {
      refuseOthers(exchange.request.method);
      sendShell(exchange, files().shell);
      return Promise.resolve();
    }
    const asset = path.startsWith('/assets/') ? files().assets.get(path.slice('/assets/'.length)) : undefined;
    if (asset === undefined) return undefined;
    refuseOthers(exchange.request.method);
    sendFile(exchange, asset, assetHeaders);
    return Promise.resolve();
  };
}

function sendShell(exchange: Exchange, shell: File | undefined): void {
  if (shell !== undefined) sendFile(exchange, shell, shellHeaders);
  else {
    const headers = ['Content-Type', 'text/plain;charset=utf-8'];
    send(exchange, { status: 200, headers, body: bodyOf(Buffer.from(notBuilt)) });
  }
}

function sendFile(exchange: Exchange, { contentType, plain, encoded }: File, headers: readonly string[]) {
  const accepted = exchange.request.headers['accept-encoding']?.toString() ?? '';
  const taken = parseQualityList(accepted).filter(({ quality }) => quality > 0);
  const encoding = encodings.find(({ name }) => taken.some((one) => one.name === name))?.name;
  const bytes = encoding === undefined ? plain : (encoded.get(encoding) ?? plain);
  send(exchange, {
    isFile: true,
    status: 200,
    headers: [
      ...headers,
      ...['Content-Type', contentType, 'Vary', 'Accept-Encoding'],
      ...(bytes === plain ? [] : ['Content-Encoding', encoding!]),
    ],
    body: bodyOf(bytes),
  });
}
