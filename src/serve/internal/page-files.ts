/** Serves the built page: its HTML shell at each of its paths, and the files that the shell loads. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliDecompress, gzip } from 'node:zlib';
import { parseQualityList } from '../../query/odata/quality-list.ts';
import { Fault } from '../../contract/faults.ts';
import { type Answer, bodyOf, type Exchange } from '../../graph/exchange.ts';
import { textAnswer } from './json-response.ts';
import type { InternalRoute } from './route.ts';

/** Paths of the page, which the page itself parses. */
const shellPaths = [
  ...['/', '/calls', '/calls/{callRecord-id}', '/phone-calls'],
  ...['/people/{person-id}', '/numbers/{number}'],
  ...['/statistics', '/status', '/reference'],
];

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
  // The files that the shell loads change with each release; their names contain a digest.
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
/** A file in each encoding; rarely requested encodings are created at the first request. */
interface File {
  readonly contentType: string;
  readonly br: Buffer;
  readonly plain: () => Promise<Buffer>;
  readonly gzip: () => Promise<Buffer>;
}

export interface PageFiles {
  /** Absent when the page was not built. */
  readonly shell: File | undefined;
  readonly assets: ReadonlyMap<string, File>;
}

/** Reads the files. @param folder The output folder of the build. */
export function readPageFiles(folder: string): PageFiles {
  const shell = join(folder, 'index.html');
  if (!existsSync(`${shell}.br`)) return { shell: undefined, assets: new Map() };
  const assets = join(folder, 'assets');
  const names = readdirSync(assets).flatMap((file) => {
    const name = basename(file, '.br');
    return name !== file && extname(name) in contentTypes ? [name] : [];
  });
  return {
    shell: readFile(shell),
    assets: new Map(names.map((name) => [name, readFile(join(assets, name))])),
  };
}

/** Reads a file. @param path Without the extension `.br` of the stored file. */
function readFile(path: string): File {
  const br = readFileSync(`${path}.br`);
  const plain = once(() => promisify(brotliDecompress)(br));
  return {
    contentType: contentTypes[extname(path)]!, // readPageFiles reads no other files
    br,
    plain,
    gzip: once(async () => promisify(gzip)(await plain())),
  };
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

let built: PageFiles | undefined;
/** Returns the page of this package, which is read on the first call. */
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

async function fileAnswer(exchange: Exchange, file: File, headers: readonly string[]): Promise<Answer> {
  const accepted = exchange.request.headers['accept-encoding']?.toString() ?? '';
  const taken = parseQualityList(accepted).filter(({ quality }) => quality > 0);
  const encoding = (['br', 'gzip'] as const).find((name) => taken.some((one) => one.name === name));
  const bytes = encoding === 'br' ? file.br : await file[encoding ?? 'plain']();
  return {
    isFile: true,
    status: 200,
    headers: [
      ...headers,
      ...['Content-Type', file.contentType, 'Vary', 'Accept-Encoding'],
      ...(encoding === undefined ? [] : ['Content-Encoding', encoding]),
    ],
    body: bodyOf(bytes),
  };
}
