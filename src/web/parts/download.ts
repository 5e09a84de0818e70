/** Saves responses of the server as files. A refusal is an error and no file. */
import { getText, nextPath, type ApiPage, getJson } from '../api.ts';

/** Maximum rows of a file that is collected page by page. */
export const mostFileRows = 100_000;

export interface FileRequest {
  readonly path: string;
  readonly prefer?: string | undefined;
  /** The name of the file without its ending. */
  readonly name: string;
  readonly kind: 'csv' | 'json' | 'jsonList';
}

/** Requests a file and saves it. @param onRows Called with the number of rows after each page of a list. */
export async function saveFile(
  { path, prefer, name, kind }: FileRequest,
  onRows: (rows: number) => void,
): Promise<void> {
  const text = kind === 'jsonList' ? await listText(path, onRows) : await getText(path, { prefer });
  // `Response.text()` drops the byte order mark, without which Excel assumes another encoding.
  const parts = kind === 'csv' ? ['\uFEFF', text] : [text];
  const type = kind === 'csv' ? 'text/csv' : 'application/json';
  save(new Blob(parts, { type }), `${name}.${kind === 'csv' ? 'csv' : 'json'}`);
}

/** Returns the rows of all pages as one JSON text. Its next link remains where it has not all rows. */
async function listText(path: string, onRows: (rows: number) => void): Promise<string> {
  const rows: string[] = [];
  let next: string | undefined = path;
  let link: string | undefined;
  while (next !== undefined && rows.length < mostFileRows) {
    const page: ApiPage<unknown> = await getJson(next);
    for (const row of page.value) rows.push(JSON.stringify(row));
    link = page['@odata.nextLink'];
    next = nextPath(page);
    onRows(rows.length);
  }
  const more = link === undefined ? '' : `"@odata.nextLink":${JSON.stringify(link)},\n`;
  return `{${more}"value":[\n${rows.join(',\n')}\n]}\n`;
}

function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser reads the address after this function returns.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
