/** Saves responses of the server as files. A refusal is an error and no file. */
import { type ApiPage, getJson, getText, nextPath } from '../api.ts';
import { formatCsv, type TableText } from './table-text.ts';

/** Maximum rows of a file that is collected page by page. */
export const mostFileRows = 100_000;

/** A response of the server, or a list that is collected page by page. */
export type FileRequest = {
  readonly path: string;
  readonly prefer?: string | undefined;
  /** The name of the file without its ending. */
  readonly name: string;
} & (
  | { readonly kind: 'csv' | 'json' | 'jsonList' }
  /** @param table Makes a table of the rows of all pages. */
  | { readonly kind: 'csvList'; readonly table: (rows: readonly unknown[]) => TableText }
);

/** Requests a file and saves it. @param onRows Called with the number of rows after each page of a list. */
export async function saveFile(file: FileRequest, onRows: (rows: number) => void): Promise<void> {
  const isCsv = isCsvFile(file);
  // `Response.text()` drops the byte order mark, without which Excel assumes another encoding.
  const parts = [...(isCsv ? ['\uFEFF'] : []), await textOf(file, onRows)];
  save(
    new Blob(parts, { type: isCsv ? 'text/csv' : 'application/json' }),
    `${file.name}.${isCsv ? 'csv' : 'json'}`,
  );
}

export function isCsvFile({ kind }: Pick<FileRequest, 'kind'>): boolean {
  return kind === 'csv' || kind === 'csvList';
}

async function textOf(file: FileRequest, onRows: (rows: number) => void): Promise<string> {
  if (file.kind === 'csv' || file.kind === 'json') return getText(file.path, { prefer: file.prefer });
  const { rows, nextLink } = await rowsOf(file.path, onRows);
  if (file.kind === 'csvList') return formatCsv(file.table(rows));
  // Its next link remains where it has not all rows.
  const more = nextLink === undefined ? '' : `"@odata.nextLink":${JSON.stringify(nextLink)},\n`;
  return `{${more}"value":[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]}\n`;
}

/** Collects the rows of all pages, up to the bound. */
async function rowsOf(path: string, onRows: (rows: number) => void) {
  const rows: unknown[] = [];
  let next: string | undefined = path;
  let nextLink: string | undefined;
  while (next !== undefined && rows.length < mostFileRows) {
    const page: ApiPage<unknown> = await getJson(next);
    for (const row of page.value) rows.push(row);
    nextLink = page['@odata.nextLink'];
    next = nextPath(page);
    onRows(rows.length);
  }
  return { rows, nextLink };
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the address after this function returns.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** Makes a part of a file name: an id may have characters that no file name has. */
export function fileNamePart(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80);
}
