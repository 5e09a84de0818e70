/** Prints the calls that a search finds. */
import { type ExitCode, exitCodes } from '../../base/exit.ts';
import { printable } from '../../base/printable.ts';
import type { Terminal } from '../../base/terminal.ts';
import { formatTicks } from '../../base/ticks.ts';
import { inferRolls } from '../../serve/run/infer-participants.ts';
import { foundRowText } from '../../serve/internal/search/find-calls.ts';
import { parseSearch } from '../../serve/internal/search/parameters.ts';
import { openExistingStore } from '../../store/open-store.ts';
import { namedOrAll } from '../named-tenants.ts';
import { withOptionProblems } from '../option-problems.ts';
import type { ReadSettings, Settings } from '../settings.ts';
import type { FindQuestion } from './find-question.ts';
import { findNewest, rowsOfCalls, type TenantCallRow } from './found-calls.ts';
import { foundTable } from './found-table.ts';
import { queryText } from './query-text.ts';
import { withSearchIndex } from './search-index.ts';
import { totalLine } from './total-line.ts';

export async function printCalls(
  read: ReadSettings,
  question: FindQuestion,
  terminal: Terminal,
): Promise<ExitCode> {
  const { settings } = read;
  const { stdout, stderr } = terminal;
  const query = queryOf(settings, question);
  const { search } = withOptionProblems(() => parseSearch(query), problemsWith(settings, question));
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const ended = await inferRolls(store, terminal);
  const tenants = await namedOrAll(read, store);
  const { calls, total } = await withSearchIndex(store, settings.quiet, terminal, () =>
    findNewest(store, tenants, search, settings.limit),
  );
  if (settings.json) {
    stdout.write('{"calls":[');
    let before = '';
    for await (const rows of rowsOfCalls(store, search, calls)) {
      stdout.write(before + rows.map(rowJson).join());
      before = ',';
    }
    stdout.write(`],"total":${JSON.stringify(total)}}\n`);
    return ended(exitCodes.done);
  }
  const rows: TenantCallRow[] = [];
  for await (const some of rowsOfCalls(store, search, calls)) rows.push(...some);
  if (rows.length > 0) stdout.write(foundTable(rows, tenants.length > 1, stdout));
  if (!settings.quiet) stderr.write(totalLine(rows.length, total, ['call', 'calls'], stderr));
  return ended(exitCodes.done);
}

function rowJson({ tenantId, row }: TenantCallRow): string {
  return printable(foundRowText(row, `,"tenant":${JSON.stringify(tenantId)}`));
}

/** Returns the options as parameters of the API, which has the same parser. */
function queryOf({ person = [], number, state, reason, external }: Settings, question: FindQuestion): string {
  const { text, from, before } = question;
  const [first, second] = person;
  return queryText({
    from: from === undefined ? undefined : formatTicks(from),
    to: before === undefined ? undefined : formatTicks(before),
    ...{ person: first, with: second, number, state, reason, external, q: text },
  });
}

/** People that a search may name. */
const mostPeople = 2;

function problemsWith({ person = [] }: Settings, { problems }: FindQuestion): readonly string[] {
  return [
    ...problems,
    ...(person.length > mostPeople ? [`--person: at most ${mostPeople} people are expected.`] : []),
  ];
}
