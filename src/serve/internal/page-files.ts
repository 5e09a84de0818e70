/** Serves the built page: its shell at each of its addresses, and the files that the shell loads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { parseQualityList } from '../../query/odata/quality-list.ts';
import { Fault } from '../../contract/faults.ts';
import { type Answer, bodyOf, type Exchange } from '../../graph/exchange.ts';
import { textAnswer } from './json-response.ts';
import type { InternalRoute } from './route.ts';

/** Addresses of the page. The page itself parses them. */
const shellPaths = ['/', '/calls', '/calls/{callRecord-id}', '/statistics', '/status'];

/** The page may load scripts and styles of this server and send requests to it, nothing else. */
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
  // The files that the shell names change with each release; the name of each file holds its digest.
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
    contentType: contentTypes[extname(path)]!, // readPage reads no other
    plain: readFileSync(path),
    encoded: new Map(found.map(({ name, extension }) => [name, readFileSync(path + extension)])),
  };
}

let built: PageFiles | undefined;
/** Returns the page of this package, and reads it at the first call. */
export function builtPage(): PageFiles {
  return (built ??= readPageFiles(join(packageFolder(), 'dist', 'page')));
}

/** Finds the package's folder from the sources and from the compiled package. */
function packageFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

const notBuilt = `Rollcall serves the Graph API below /v1.0 and /beta; its page is not built.
Run \`npm ci && npm run build:page\` in Rollcall's folder, then start the server again.
`;

export interface PageParts {
  readonly page: () => PageFiles;
}

export const pageRoutes: readonly InternalRoute<PageParts>[] = [
  ...shellPaths.map((path): InternalRoute<PageParts> => ({
    method: 'GET',
    path,
    permission: 'none',
    handler({ page }, { exchange }) {
      const { shell } = page();
      return shell === undefined ? textAnswer(notBuilt) : fileAnswer(exchange, shell, shellHeaders);
    },
    openapi: undefined,
  })),
  {
    method: 'GET',
    path: '/assets/{name}',
    permission: 'none',
    handler({ page }, { exchange, keys: [name = ''] }) {
      const asset = page().assets.get(name);
      if (asset === undefined) throw new Fault('pageMissing', 'The page has no such file. Reload the page.');
      return fileAnswer(exchange, asset, assetHeaders);
    },
    openapi: undefined,
  },
];

function fileAnswer(
  exchange: Exchange,
  { contentType, plain, encoded }: File,
  headers: readonly string[],
): Answer {
  const accepted = exchange.request.headers['accept-encoding']?.toString() ?? '';
  const taken = parseQualityList(accepted).filter(({ quality }) => quality > 0);
  const encoding = encodings.find(({ name }) => taken.some((one) => one.name === name))?.name;
  const bytes = encoding === undefined ? plain : (encoded.get(encoding) ?? plain);
  return {
    isFile: true,
    status: 200,
    headers: [
      ...headers,
      ...['Content-Type', contentType, 'Vary', 'Accept-Encoding'],
      ...(bytes === plain ? [] : ['Content-Encoding', encoding!]),
    ],
    body: bodyOf(bytes),
  };
}
