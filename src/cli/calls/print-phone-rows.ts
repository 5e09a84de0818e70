/** Prints the rows of a phone log that match, with SIP codes and their meanings. */
import { randomBytes } from 'node:crypto';
import { type ExitCode, exitCodes } from '../../base/exit.ts';
import { printableJson } from '../../base/printable.ts';
import type { Terminal } from '../../base/terminal.ts';
import { formatTicks } from '../../base/ticks.ts';
import { compareTexts } from '../../contract/failure.ts';
import type { LinkedPhoneRow, PhoneLog } from '../../contract/phone-log.ts';
import { createSkipTokens } from '../../query/odata/skip-token.ts';
import { readPhoneLog } from '../../serve/internal/phone-logs/phone-log.ts';
import { parsePhoneQuery } from '../../serve/internal/phone-logs/phone-parameters.ts';
import { openExistingStore } from '../../store/open-store.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { namedOrAll } from '../named-tenants.ts';
import { withOptionProblems } from '../option-problems.ts';
import type { ReadSettings, Settings } from '../settings.ts';
import type { FindQuestion } from './find-question.ts';
import { phoneTable, type TenantRow } from './phone-table.ts';
import { queryText } from './query-text.ts';
import { totalLine } from './total-line.ts';

const logs: Readonly<Record<string, PhoneLog>> = {
  pstn: 'pstn',
  'direct-routing': 'directRouting',
  sms: 'sms',
};

export async function printPhoneRows(
  read: ReadSettings,
  question: FindQuestion,
  terminal: Terminal,
): Promise<ExitCode> {
  const { settings } = read;
  const log = logs[settings.what]!; // one of the option's choices
  const query = queryOf(settings, question);
  withOptionProblems(() => parsePhoneQuery(log, query), problemsWith(settings, question));
  await using store = await openExistingStore(settings.store, terminal.clock, 'store');
  const tenants = await namedOrAll(read, store);
  const rows: TenantRow[] = [];
  const total = { count: 0, isExact: true };
  for (const tenantId of tenants) {
    const found = await readTenant(store, { tenantId, log, query }, settings.limit);
    for (const row of found.rows) rows.push({ tenantId, row });
    total.count += found.matching;
    total.isExact &&= found.isExact;
  }
  // Each tenant's rows are ordered already, and sorting keeps the order of equal ones.
  if (tenants.length > 1) rows.sort((a, b) => compareTexts(startOf(b), startOf(a)));
  const shown = rows.slice(0, settings.limit);
  const { stdout, stderr } = terminal;
  if (settings.json) {
    const values = shown.map(({ tenantId, row }) => ({ tenant: tenantId, ...row }));
    stdout.write(`${printableJson({ rows: values, total })}\n`);
    return exitCodes.done;
  }
  if (shown.length > 0) stdout.write(phoneTable(shown, tenants.length > 1, stdout));
  if (!settings.quiet) stderr.write(totalLine(shown.length, total, ['row', 'rows'], stderr));
  return exitCodes.done;
}

function problemsWith(settings: Settings, { text, problems }: FindQuestion): readonly string[] {
  const { what, person = [], reason, external } = settings;
  return [
    ...problems,
    ...(text === undefined
      ? []
      : [`TEXT: rows of ${what} are not searched by words. Use --person or --number.`]),
    ...(person.length < 2 ? [] : [`--person: rows of ${what} have one person.`]),
    ...(reason === undefined ? [] : [`--reason: rows of ${what} have no reason.`]),
    ...(external === undefined ? [] : [`--external: rows of ${what} are not of several people.`]),
  ];
}

/** Returns the options as parameters of the API, which has the same parser. */
function queryOf({ person, number, state }: Settings, { from, before }: FindQuestion): string {
  return queryText({
    from: from === undefined ? undefined : formatTicks(from),
    to: before === undefined ? undefined : formatTicks(before),
    ...{ person: person?.[0], number, state },
  });
}

/** Reads the newest rows of a tenant, page by page. The first page has the number of all matching rows. */
async function readTenant(
  store: CallRecordStore,
  asked: { readonly tenantId: string; readonly log: PhoneLog; readonly query: string },
  limit: number,
) {
  const parts = { store, skipTokens: createSkipTokens(randomBytes(32)) };
  const rows: LinkedPhoneRow[] = [];
  const { summary, ...first } = await readPage(asked.query);
  const isExact = summary?.complete ?? false;
  rows.push(...first.value);
  for (let next = first['@odata.nextLink']; next !== undefined && rows.length < limit;) {
    const page = await readPage(next.slice(next.indexOf('?') + 1));
    rows.push(...page.value);
    next = page['@odata.nextLink'];
  }
  return { rows: rows.slice(0, limit), matching: Math.max(summary?.rows ?? 0, rows.length), isExact };

  function readPage(query: string) {
    const size = `$top=${Math.min(limit, rowsPerPage)}`;
    const whole = query.includes('$top=') ? query : [query, size].filter((part) => part !== '').join('&');
    return readPhoneLog(parts, { ...asked, url: '', query: whole });
  }
}

const rowsPerPage = 200;

function startOf({ row }: TenantRow): string {
  return row.startDateTime ?? '';
}
