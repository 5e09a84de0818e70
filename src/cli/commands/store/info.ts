import { formatTicks } from '../../../base/ticks.ts';
import type { Terminal } from '../../../base/terminal.ts';
import { formatTable } from '../../table.ts';
import type { Command } from '../../command.ts';
import { exitCodes, UsageError } from '../../../base/exit.ts';
import { namedTenant } from '../../named-tenants.ts';
import { openExistingStore } from '../../../store/open-store.ts';
import { shownStore } from '../../../store/shown-url.ts';

export const storeInfo: Command = async (read, { stdout, clock }) => {
  const { settings, operands } = read;
  if (operands.length > 0)
    throw new UsageError([`${operands[0]}: store info takes no operands; --store names the store.`]);
  if (settings.store === 'memory:') throw new UsageError(['--store: memory: has no stored data to show.']);
  await using store = await openExistingStore(settings.store, clock, 'store');
  const named = await namedTenant(read, store);
  const described = await store.transfer.describe(named);
  const { kind, schema, bytes, tables, sessions, oldestTicks, newestTicks } = described;
  const logRows = await store.transfer.logRowCounts(named);
  const tenants = named === undefined ? await store.evidence.tenants() : [named];
  const counts = {
    calls: 0,
    versions: 0,
    editions: 0,
    participants: 0,
    participantsFound: 0,
    sessions,
    incompleteCalls: 0,
  };
  for (const tenantId of tenants) {
    const tally = await store.evidence.tally(tenantId);
    counts.calls += tally.calls;
    counts.versions += tally.versions;
    counts.editions += tally.editions;
    counts.participants += tally.participants;
    counts.participantsFound += tally.found;
    counts.incompleteCalls += tally.incomplete;
  }
  const time = (ticks: bigint | undefined) => (ticks === undefined ? null : formatTicks(ticks));
  const info = {
    kind,
    schema,
    bytes,
    tenants: tenants.length,
    ...counts,
    logRows,
    oldestStartDateTime: time(oldestTicks),
    newestStartDateTime: time(newestTicks),
    tables: Object.fromEntries(tables.map((table) => [table.name, table.bytes])),
  };
  stdout.write(
    settings.json ? `${JSON.stringify(info)}\n` : tablesOf(shownStore(settings.store), info, stdout),
  );
  return exitCodes.done;
};

type Info = Readonly<Record<string, number | string | null | Readonly<Record<string, number>>>> & {
  readonly logRows: Readonly<Record<string, number>>;
  readonly tables: Readonly<Record<string, number>>;
};

const factLabels = {
  kind: 'Engine',
  schema: 'Schema',
  oldestStartDateTime: 'Oldest start',
  newestStartDateTime: 'Newest start',
} as const;

const countLabels = {
  tenants: 'Tenants',
  calls: 'Calls',
  versions: 'Versions',
  editions: 'Editions',
  participants: 'Participants',
  participantsFound: 'Inferred from sessions',
  sessions: 'Sessions',
  incompleteCalls: 'Incomplete calls',
} as const;

function tablesOf(url: string, info: Info, stdout: Terminal['stdout']): string {
  const facts = Object.entries(factLabels).map(([name, label]) => [label, shown(info[name])]);
  const counts = Object.entries(countLabels).map(([name, label]) => [label, Number(info[name])]);
  const logs = Object.entries(info.logRows).map(([kind, rows]) => [`Rows of ${kind}`, rows]);
  const sizes = Object.entries(info.tables).map(([name, bytes]) => [name, size(bytes)]);
  return [[['Store', url], ['On disk', size(Number(info['bytes']))], ...facts], [...counts, ...logs], sizes]
    .map((rows) => formatTable(rows, stdout))
    .join('\n');
}

function shown(value: Info[string] | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '–';
}

function size(bytes: number): string {
  if (bytes < 1e6) return `${Math.ceil(bytes / 1e3)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
