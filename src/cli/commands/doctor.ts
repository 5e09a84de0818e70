import { checkDisk } from '../../maintain/doctor/check-disk.ts';
import { checkModes } from '../../maintain/doctor/check-modes.ts';
import { checkTenant } from '../../maintain/doctor/check-tenant.ts';
import { attention, type Finding, well, wrong } from '../../maintain/doctor/finding.ts';
import { printableJson } from '../../base/printable.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { StoreError, StoreMissing } from '../../store/store-errors.ts';
import { longestLagBy } from '../../serve/run/answering.ts';
import { knownTenants } from '../../maintain/verify/tenants.ts';
import type { Command } from '../command.ts';
import { withDocuments } from '../installation.ts';
import type { Terminal } from '../../base/terminal.ts';
import {
  isUpstreamNamed,
  settingsFindings,
  type TenantFinding,
  upstreamFindings,
} from '../doctor-settings.ts';
import { type ExitCode, exitCodes, UsageError } from '../../base/exit.ts';
import { namedOrAll } from '../named-tenants.ts';
import { openStore } from '../../store/open-store.ts';
import type { ReadSettings } from '../settings.ts';
import { type TableCell, formatTable } from '../table.ts';

export const doctor: Command = async (read, terminal) => {
  const { settings, operands } = read;
  if (operands.length > 0) throw new UsageError([`${operands[0]}: doctor takes no operands.`]);
  const { clock, stdout } = terminal;
  const inStore = await storeFindings(read, terminal);
  const findings: TenantFinding[] = [
    ...(await settingsFindings(read, clock)),
    ...inStore.findings,
    ...(await upstreamFindings(read, clock)),
  ];
  if (settings.json) stdout.write(`${printableJson({ findings })}\n`);
  else stdout.write(formatTable(findings.flatMap(rowsOf), stdout, { wrapsLast: true }));
  return inStore.isThere ? exitOf(findings) : exitCodes.usage;
};

interface InStore {
  readonly findings: readonly TenantFinding[];
  /** False when the store does not exist or has no data of the named tenant, so that nothing was checked. */
  readonly isThere: boolean;
}

async function storeFindings(read: ReadSettings, { clock }: Terminal): Promise<InStore> {
  const { settings } = read;
  const { store: url } = settings;
  const path = /^sqlite:(.+)$/.exec(url)?.[1];
  const of = (...findings: TenantFinding[]): InStore => ({ findings, isThere: true });
  try {
    // A check creates no store.
    await using store = await openStore(url, clock, { mustExist: true });
    const findings: TenantFinding[] = [well('store', 'The store opens, in the schema of this release.')];
    if (path !== undefined) findings.push(...(await checkDisk(path)), ...checkModes(path));
    findings.push(...(await engine(store)), ...(await outbox(store)));
    // The store may have no data yet of a tenant that is fetched from upstream.
    const tenants = isUpstreamNamed(read) ? await knownTenants(store) : await namedOrAll(read, store);
    for (const tenant of tenants)
      for (const finding of await checkTenant(store, tenant, clock, longestLagBy(settings)))
        findings.push(tenants.length > 1 ? { ...finding, tenant } : finding);
    return of(...findings);
  } catch (error) {
    if (error instanceof StoreMissing)
      return { findings: [wrong('store', error.message, makesStore)], isThere: false };
    if (error instanceof UsageError)
      return { findings: [wrong('store', error.message, 'Name another with --tenant.')], isThere: false };
    if (!(error instanceof StoreError)) throw error;
    return of(wrong('store', error.message, 'docs/stores.md lists the requirements of each store.'));
  }
}

const makesStore = 'Create it with rollcall sync, import or dev, or name another with --store.';

async function engine(store: CallRecordStore): Promise<readonly Finding[]> {
  const faults = await store.evidence.engineFaults();
  if (faults === 0) return [well('store', 'The structures of its database are intact.')];
  return [
    wrong(
      'store',
      `The database engine reports ${faults} faults in its structures.`,
      'Restore a backup, and check the health of the disk.',
    ),
  ];
}

/** More pending notifications mean that an endpoint does not respond. */
const manyNotifications = 1000;

async function outbox(store: CallRecordStore): Promise<readonly Finding[]> {
  const waiting = await store.subscriptions.outboxSize();
  if (waiting < manyNotifications) return [];
  return [
    attention(
      'notifications',
      `${waiting} notifications wait to be delivered.`,
      'Check that serve runs and that the endpoints of the subscribers respond: see rollcall_notifications_total.',
    ),
  ];
}

const marks: Readonly<Record<Finding['state'], TableCell>> = {
  well: { text: 'ok     ', color: 'green' },
  attention: { text: 'warning', color: 'yellow' },
  wrong: { text: 'error  ', color: 'red' },
};

function rowsOf({ about, state, says, remedy, tenant }: TenantFinding): readonly (readonly TableCell[])[] {
  const of = tenant === undefined ? '' : ` (${tenant})`;
  const finding = [marks[state], withDocuments(`${about}${of}: ${says}`)];
  return remedy === undefined ? [finding] : [finding, ['', withDocuments(`→ ${remedy}`)]];
}

function exitOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ state }) => state === 'wrong')) return exitCodes.failed;
  return findings.some(({ state }) => state === 'attention') ? exitCodes.incomplete : exitCodes.done;
}
