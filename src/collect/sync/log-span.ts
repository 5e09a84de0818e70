/** Reads the rows of a span of days of a log, page by page. */
import { readLogRow, type ReadLogRow } from '../ingest/read-log-row.ts';
import { readResponsePage } from '../ingest/response-page.ts';
import type { Span } from '../../store/spans.ts';
import { Scanner } from '../../wire/text/scanner.ts';
import { TextError } from '../../wire/text/text-error.ts';
import { formatTicks } from '../../base/ticks.ts';
import type { UpstreamLog } from './log-days.ts';
import { type PageSource, readPages } from './read-pages.ts';

interface OddRow {
  readonly text: Buffer;
  /** A message without values of the row. */
  readonly reason: string;
}

export interface LogPage {
  readonly rows: readonly ReadLogRow[];
  readonly odd: readonly OddRow[];
}

interface LogRequest extends PageSource {
  readonly onPage: (page: LogPage) => Promise<void>;
}

/**
 * Reads a span to its last page.
 *
 * @param span Whole days, 90 at most.
 * @param isRepeated True when a response that is not JSON is requested again at once.
 * @throws UpstreamFailure when it cannot be read to its last page; `onPage` was called with the pages before
 */
export async function readLogSpan(
  { version, name, kind }: UpstreamLog,
  span: Span,
  source: LogRequest,
  isRepeated: boolean,
): Promise<void> {
  const days = `fromDateTime=${dayText(span.from)},toDateTime=${dayText(span.before)}`;
  await readPages(source, {
    first: `${version}/communications/callRecords/${name}(${days})`,
    request: { of: 'log', name },
    read: readResponsePage,
    isRepeated,
    async onPage({ list }) {
      if (list === undefined) return false;
      const read = rowsOf(list, kind, span.from);
      await source.onPage(read);
      return read.rows.length + read.odd.length > 0;
    },
  });
}

/** Reads the rows of a page. @param listed First tick of the requested days: the time of a row that has none. */
function rowsOf(list: Buffer, kind: string, listed: bigint): LogPage {
  const rows: ReadLogRow[] = [];
  const odd: OddRow[] = [];
  const scanner = new Scanner(list);
  scanner.array(() => {
    const isObject = scanner.peek() === 0x7b;
    const start = scanner.pos;
    scanner.skip();
    const text = list.subarray(start, scanner.pos);
    try {
      if (!isObject) throw new TextError('A row of a log is not a JSON object.', 'notWanted');
      rows.push(readLogRow(text, kind, listed));
    } catch (error) {
      if (!(error instanceof TextError)) throw error;
      odd.push({ text: Buffer.from(text), reason: error.message });
    }
  });
  return { rows, odd };
}

function dayText(ticks: bigint): string {
  return formatTicks(ticks).slice(0, 10);
}
