import { readFileSync } from 'node:fs';
import type { OnDefect } from '../../graph/error-response.ts';
import type { HealthServer } from '../../serve/internal/health-server.ts';
import {
  type Listener,
  type ListenerOptions,
  startListener,
} from '../../serve/http/notification-listener.ts';
import { createSyncMetrics, type SyncFigures } from '../../serve/observe/sync-metrics.ts';
import { logNamed } from '../../collect/sync/log-days.ts';
import { runRepeatedly } from '../../base/background.ts';
import type { Clock } from '../../base/clock.ts';
import type { Log } from '../../base/log.ts';
import { applyRetention, type RetentionOptions } from '../../maintain/retention/apply.ts';
import { startCatchingUp } from '../../store/catch-up.ts';
import { CallDamaged } from '../../store/store-errors.ts';
import type { CallRecordStore } from '../../store/store.ts';
import { createSync, type Sync, type SyncTenant } from '../../collect/sync/sync.ts';
import { keptFrom } from '../times.ts';
import type { LeftWork } from '../../collect/sync/left-work.ts';
import { problemText } from '../../collect/sync/problem.ts';
import type { SyncEvent, TenantOutcome } from '../../collect/sync/tenant-report.ts';
import { isPlainHttpElsewhere } from '../../collect/sync/upstream-client.ts';
import type { Command } from '../command.ts';
import type { Terminal } from '../../base/terminal.ts';
import { exitCodes, UsageError } from '../../base/exit.ts';
import { openStore } from '../../store/open-store.ts';
import { OutageRecorder } from '../../serve/run/outage-recorder.ts';
import { readinessBy, tlsFiles } from '../../serve/run/answering.ts';
import { defectLog, logBy } from '../../serve/observe/logging.ts';
import { NotificationCounter } from '../../serve/run/notification-counts.ts';
import { listenProblem } from '../../serve/run/listen-problem.ts';
import { CommandFailure } from '../failure.ts';
import type { Settings } from '../settings.ts';
import { leftText, syncOutcome } from '../sync-outcome.ts';
import { showSyncProgress } from '../sync-progress.ts';
import { syncTenants } from '../sync-tenants.ts';
import { logSyncStart } from '../../serve/run/start-line.ts';
import { startHealth, tenantCredentials, watchingProblems } from '../../serve/run/health-settings.ts';

const dayMs = 86_400_000;
const againMs = 600_000;

/** Concurrent fetches per tenant: fewer already reach Graph's limits. */
const callsAtATime = 16;

export const sync: Command = async (read, terminal) => {
  const { settings } = read;
  const { clock } = terminal;
  const format = settings['log-format'];
  const log = logBy(settings, terminal);
  const tenants = syncTenants(read);
  const logs = settings.logs.filter((name) => name !== 'none').map((name) => ({ name, log: logNamed(name) }));
  const unknown = logs
    .filter(({ log }) => log === undefined)
    .map(({ name }) => `--logs: there is no log '${name}'.`);
  const problems = [...unknown, ...watchingProblems(settings, settings['notification-url'] !== undefined)];
  const tls = tlsFiles(settings, problems, readFileSync);
  const notificationUrl = settings['notification-url'];
  if (notificationUrl !== undefined && isPlainHttpElsewhere(new URL(notificationUrl)))
    problems.push('--notification-url: http is for this machine alone; name an https URL.');
  if (!settings.once && notificationUrl === undefined && settings['reconcile-minutes'] === 0)
    problems.push('--reconcile-minutes: with 0 there must be a --notification-url to hear of calls at all.');
  if (problems.length > 0) throw new UsageError(problems);
  await using store = await openStore(settings.store, clock, { log });
  const reporter = createReporter(log, tenants);
  // The result of such a run contains all problems, and its error is the last line of standard error.
  const isReportedAtEnd = settings.once && settings.json && format === 'text';
  const stopped = terminal.stopSignal(
    format === 'json' ? '' : 'Stopping after the requests that are under way.',
  );
  const running = createSync({
    tenants,
    store,
    clock,
    budgetScale: Number(settings['budget-scale']),
    concurrency: callsAtATime,
    sinceMs: settings.since === undefined ? undefined : Date.parse(settings.since),
    logs: logs.map(({ log }) => log).filter((log) => log !== undefined),
    onEvent: (event) => isReportedAtEnd || settings.quiet || reporter.hear(event),
    onProblem(tenant, problem) {
      // Problems of a tenant as a whole are logged as its state; the result of a run has the others.
      if (problem.unit === 'tenant' || (settings.once && format === 'text')) return;
      const { call, unit } = problem;
      log.write(problem.isLoss ? 'warn' : 'info', problemText(problem), { tenant, call, unit });
    },
  });
  const keepDays = settings['keep-days'];
  const shown = new AbortController();
  let listener: Listener | undefined;
  let health: HealthServer | undefined;
  const progress = showSyncProgress(running, settings, terminal, shown.signal);
  const outages = new OutageRecorder({ store, clock });
  const onDefect = defectLog(log, (failure, of) => outages.record(log, failure, of));
  const inferring = startCatchingUp(
    store.inference,
    (error) => onDefect(error, { about: 'participants to infer' }),
    { task: 'inferred-participants' },
  );
  const onDamaged = (callId: string) => onDefect(new CallDamaged(callId), { about: 'retention' });
  const drop = (signal: AbortSignal) =>
    keepDays === undefined
      ? Promise.resolve()
      : applyToAll(tenants, { store, before: keptFrom(keepDays, clock.now()), signal }, onDamaged);
  const notifications = new NotificationCounter(log, clock);
  try {
    health = await answerHealth(settings, { store, tenants, running, notifications, onDefect }, terminal);
    if (settings.once) {
      await drop(stopped);
      const outcomes = await Promise.all(running.tenants.map((tenant) => tenant.once(stopped)));
      shown.abort();
      await progress;
      if (!isReportedAtEnd)
        for (const outcome of outcomes)
          for (const reason of tenantProblems(outcome)) reporter.conclude(outcome.tenantId, reason);
      const left = stopped.aborted ? await leftOf(running) : undefined;
      const { text, code } = syncOutcome({ outcomes, left }, settings.json);
      terminal.stdout.write(text);
      const failures = outcomes.flatMap(tenantProblems);
      if (isReportedAtEnd && failures.length > 0) throw new CommandFailure('failed', failures, code);
      return code;
    }
    const minutes = settings['reconcile-minutes'];
    const follow = {
      reconcileMs: minutes === 0 ? undefined : minutes * 60_000,
      notificationUrl: settings['notification-url'],
    };
    listener = await listen(settings, {
      ...{ tls, clock, onDefect, tenants: running.tenants.map((tenant) => tenant.notifications) },
      onNotifications: (counts) => notifications.add(counts),
    });
    await Promise.all([
      daily(clock, stopped, drop, (error) => onDefect(error, { about: 'retention' })),
      ...running.tenants.map((tenant) => tenant.follow(follow, stopped)),
    ]);
    shown.abort();
    await progress;
    if (!settings.quiet) log.write('info', leftText(await leftOf(running)));
    return exitCodes.done;
  } finally {
    shown.abort();
    await Promise.all([listener?.close(), health?.stop(), inferring.stop()]);
    running.close();
  }
};

function tenantProblems({ problems }: TenantOutcome): readonly string[] {
  return problems.filter(({ unit }) => unit === 'tenant').map(({ reason }) => reason);
}

async function leftOf({ tenants }: Sync): Promise<LeftWork> {
  const left = await Promise.all(tenants.map((tenant) => tenant.left()));
  return { calls: sum(left.map(({ calls }) => calls)), spans: left.flatMap(({ spans }) => spans) };
}

/**
 * Applies the retention to all tenants. Several processes may do so at once: one finds already deleted what another
 * deleted.
 */
async function applyToAll(
  tenants: readonly SyncTenant[],
  options: Omit<RetentionOptions, 'tenantId'>,
  onDamaged: (callId: string) => void,
): Promise<void> {
  for (const { tenantId } of tenants) {
    const { damagedCalls } = await applyRetention({ ...options, tenantId });
    for (const callId of damagedCalls) onDamaged(callId);
  }
}

/** Runs work at the start and after each midnight UTC. */
function daily(
  clock: Clock,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
  onError: (error: unknown) => void,
): Promise<void> {
  return runRepeatedly({
    task: 'retention',
    clock,
    signal,
    async work() {
      const waitMs = dayMs - (clock.now().getTime() % dayMs);
      await work(signal);
      return waitMs;
    },
    firstMs: againMs,
    longestMs: againMs,
    onError,
  });
}

function listen(
  settings: Settings,
  options: Omit<ListenerOptions, 'host' | 'port'>,
): Promise<Listener | undefined> {
  if (settings['notification-url'] === undefined) return Promise.resolve(undefined);
  const { host, port } = settings;
  return startListener({ ...options, host, port }).catch((error: unknown) => {
    throw listenProblem(error, settings) ?? error;
  });
}

interface WatchedSync {
  readonly store: CallRecordStore;
  readonly tenants: readonly SyncTenant[];
  readonly running: Sync;
  readonly notifications: NotificationCounter;
  readonly onDefect: OnDefect;
}

async function answerHealth(
  settings: Settings,
  { store, tenants, running, notifications, onDefect }: WatchedSync,
  terminal: Terminal,
): Promise<HealthServer | undefined> {
  const { clock } = terminal;
  const readiness = readinessBy(settings, store, terminal, onDefect);
  const figures = () => ({ ...figuresOf(running), notifications: notifications.counts });
  const credentials = () => tenantCredentials(tenants);
  const metrics = createSyncMetrics({ store, clock, figures, readiness, credentials });
  const health = await startHealth(settings, { clock, readiness, metrics, onDefect });
  const log = logBy(settings, terminal);
  // A user who waits for the end of a run sees its progress and its result.
  if (!settings.once || settings['log-format'] === 'json') logSyncStart(log, settings, tenants, health?.url);
  if (health !== undefined && !settings.quiet)
    log.write('info', `/healthz, /readyz and /metrics: ${health.url}`);
  return health;
}

function figuresOf({ tenants, underWay }: Sync): Omit<SyncFigures, 'notifications'> {
  const total = (of: (tenant: Sync['tenants'][number]) => number) => sum(tenants.map(of));
  return {
    records: total(({ report }) => report.counts.records),
    newVersions: total(({ report }) => report.counts.newVersions),
    pages: total(({ report }) => report.counts.pages),
    logRows: total(({ report }) => report.counts.logRows),
    requests: total(({ report }) => report.counts.requests),
    limitWaits: total(({ report }) => report.waits.count),
    limitWaitMs: total(({ report }) => report.waits.ms),
    leasesLost: total(({ report }) => report.lostLeases),
    leasesHeld: total(({ isHolder }) => Number(isHolder)),
    underWay,
  };
}

interface StatusReporter {
  /** Logs a change of state. */
  hear(event: SyncEvent): void;
  /** Logs a problem, unless it is the last one logged for its tenant's state. */
  conclude(tenantId: string, problem: string): void;
}

function createReporter(log: Log, tenants: readonly SyncTenant[]): StatusReporter {
  const upstreams = new Map(tenants.map(({ tenantId, upstream }) => [tenantId, upstream.origin]));
  const known = new Map<string, string>();
  return {
    hear({ tenantId, about, problem }) {
      const key = `${tenantId} ${about}`;
      if (problem === known.get(key)) return;
      if (problem === undefined) known.delete(key);
      else known.set(key, problem);
      const fields = { about, tenant: tenantId, upstream: upstreams.get(tenantId) };
      if (problem === undefined) log.write('info', well[about], fields);
      else log.write(about === 'standby' ? 'info' : 'warn', problem, fields);
    },
    conclude(tenantId, problem) {
      const standing = [...known].filter(([key]) => key.startsWith(tenantId));
      // Logged problems of upstream also contain the time of the next attempt.
      if (!standing.some(([, reported]) => reported.startsWith(problem)))
        log.write('warn', problem, { tenant: tenantId, upstream: upstreams.get(tenantId) });
    },
  };
}

const well: Readonly<Record<SyncEvent['about'], string>> = {
  upstream: 'Upstream answers again.',
  store: 'The store works again.',
  list: 'The list of calls is whole again.',
  log: 'The log can be read again.',
  subscription: 'The subscription stands again.',
  lease: 'The lease of the tenant is held again.',
  standby: 'This process syncs the tenant.',
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
