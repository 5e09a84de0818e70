/** The dashboard, the alert rules and the reference of metrics, held against what a server exposes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../src/base/clock.ts';
import { createSyncMetrics } from '../../src/serve/observe/sync-metrics.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import type { CallRecordStore } from '../../src/store/store.ts';
import { startTestServer, type TestServer } from '../support/server.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

interface Metric {
  readonly type: string;
  readonly labels: readonly string[];
}

/** A store on servers, that is read from a replica too. */
function replicatedStore(): CallRecordStore {
  const replicas = () => [
    { server: 'db.example', problem: undefined, unchecked: undefined, lagSeconds: 1, reads: 2 },
  ];
  const servers = () => [{ server: 'db.example:5432', role: 'host', isUsed: true }];
  return new Proxy(openSqliteStore(':memory:'), {
    get(target, name) {
      if (name === 'servers') return servers;
      if (name === 'replicas') return replicas;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

const credentials = [
  { credential: 'client-certificate', kind: 'certificate', path: '/nowhere' },
  { credential: 'client-secret-file', kind: 'secret', path: '/nowhere' },
] as const;
let server: TestServer;
let text: string;
let syncText: string;
beforeAll(async () => {
  server = await startTestServer({ store: replicatedStore(), credentials });
  await server.get('/healthz');
  text = await (await server.get('/metrics')).text();
  await server.store.upstream.setState('t', 'subscription', JSON.stringify({ expirationMs: 5000 }));
  const zero = { records: 0, newVersions: 0, pages: 0, logRows: 0, requests: 0, underWay: 0, leasesHeld: 1 };
  const notifications = { taken: 1, otherForm: 1, unknownClientState: 1, noCall: 1 };
  const figures = () => ({ ...zero, limitWaits: 0, limitWaitMs: 0, leasesLost: 0, notifications });
  syncText = await createSyncMetrics({
    ...{ store: server.store, clock: systemClock, figures, credentials: () => credentials },
    readiness: () => Promise.resolve({ ready: true, checks: [] }),
  }).text();
});
afterAll(() => server.stop());

/** As exposed; labels as far as there are samples. */
function exposed(text: string): Map<string, Metric> {
  const metrics = new Map<string, Metric>();
  for (const [, name, type] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
    const samples = text.matchAll(
      new RegExp(`^${name!}(?:_bucket|_sum|_count)?\\{([^}]*(?:\\{\\})?[^}]*)\\} `, 'gm'),
    );
    const labels = [...samples].flatMap(([, all]) =>
      [...all!.matchAll(/(?<!\w)(\w+)="/g)].map(([, label]) => label!),
    );
    metrics.set(name!, {
      type: type!,
      labels: [...new Set(labels)].filter((label) => label !== 'le').sort(),
    });
  }
  return metrics;
}

/** As `docs/metrics.md` has them: an item for each of Rollcall's, a gauge unless it says more; those of the processes by their labels. */
function documented(): Map<string, Partial<Metric> & Pick<Metric, 'labels'>> {
  const page = read('docs/metrics.md');
  const items = page.matchAll(/^- `(rollcall_\w+)`(?: \((\w+)(?:; ([^)]*))?\))?:/gm);
  const lists = page.matchAll(/^- ((?:`(?!rollcall_)\w+`(?:, )?)+): (.*(?:\n {2}.*)*)$/gm);
  return new Map([
    ...[...items].map(
      ([, name, type = 'gauge', labels = '']) => [name!, { type, labels: namesOf(labels) }] as const,
    ),
    ...[...lists].flatMap(([, labels, names]) =>
      namesOf(names!).map((name) => [name, { labels: namesOf(labels!) }] as const),
    ),
  ]);
}

function namesOf(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name!).sort();
}

interface Expression {
  readonly place: string;
  readonly text: string;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(read('deploy/grafana/rollcall.json')) as {
  readonly panels: readonly (Panel & { readonly id: number })[];
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
};
const rules = (
  parse(read('deploy/prometheus/rollcall.rules.yml')) as {
    groups: { rules: { alert: string; expr: string; annotations: Record<string, string> }[] }[];
  }
).groups.flatMap((group) => group.rules);

function expressions(): Expression[] {
  const panels = dashboard.panels.flatMap(({ title, targets = [] }) =>
    // Grafana puts a duration there.
    targets.map(({ expr }) => ({ place: title, text: expr.replaceAll('$__rate_interval', '5m') })),
  );
  return [...panels, ...rules.map(({ alert, expr }) => ({ place: alert, text: expr }))];
}

/** What an expression names, by the grammar of PromQL. */
function namesIn({ place, text: expression }: Expression) {
  const metrics: { name: string; labels: string[] }[] = [];
  const groupings: string[] = [];
  parser.parse(expression).iterate({
    enter({ type, from, to, node }) {
      if (type.isError) throw new Error(`${place}: ${expression} is no PromQL at ${from}.`);
      const textOf = (at: { from: number; to: number }) => expression.slice(at.from, at.to);
      if (type.name === 'VectorSelector') {
        const labels = [...textOf({ from, to }).matchAll(/(?<!\w)(\w+)(?:=|!=|=~|!~)"/g)].map(
          ([, label]) => label!,
        );
        metrics.push({ name: textOf(node.getChild('Identifier') ?? { from, to: from }), labels });
      }
      if (type.name === 'GroupingLabels')
        groupings.push(
          ...textOf({ from, to })
            .replace(/[()\s]/g, '')
            .split(','),
        );
    },
  });
  return { metrics, groupings };
}

const byPrometheus = ['job', 'instance', 'le'];

describe('what is exposed', () => {
  it('is documented, every metric with its type and labels, and nothing else is', () => {
    const ofServer = exposed(text);
    const metrics = new Map([...ofServer, ...exposed(syncText)]);
    expect([...documented().keys()].sort()).toEqual([...metrics.keys()].sort());
    // Those of sync alone are below its heading.
    const [, below = ''] = read('docs/metrics.md').split('## Metrics of `sync`');
    const own = [...metrics.keys()].filter((name) => !ofServer.has(name));
    expect(own.filter((name) => !below.includes(`- \`${name}\``))).toEqual([]);
    for (const [name, { type, labels }] of documented()) {
      const { type: real, labels: seen } = metrics.get(name)!;
      // A counter that has counted nothing has no labels to see.
      expect([name, type ?? real, labels]).toEqual([name, real, seen.length === 0 ? labels : seen]);
    }
  });

  it('is on the dashboard, every metric', () => {
    const shown = expressions().flatMap((one) =>
      namesIn(one).metrics.map(({ name }) => name.replace(/_(bucket|sum|count)$/, '')),
    );
    // Of Node's own there are more than anybody looks at.
    const own = [...documented().keys()].filter((name) => name.startsWith('rollcall_'));
    expect(own.filter((name) => !shown.includes(name))).toEqual([]);
  });
});

it('the dashboard and the rules name metrics and labels that there are', () => {
  const metrics = documented();
  for (const one of expressions()) {
    const { metrics: named, groupings } = namesIn(one);
    expect([one.place, named.length > 0]).toEqual([one.place, true]);
    const known = new Set(byPrometheus);
    for (const { name, labels } of named) {
      const base = name.replace(/_(bucket|sum|count)$/, '');
      const metric = name === 'up' ? { labels: [] } : metrics.get(base);
      expect([one.place, name, metric !== undefined]).toEqual([one.place, name, true]);
      for (const label of metric!.labels) known.add(label);
      expect([
        one.place,
        labels.filter((label) => ![...byPrometheus, ...metric!.labels].includes(label)),
      ]).toEqual([one.place, []]);
    }
    expect([one.place, groupings.filter((label) => !known.has(label))]).toEqual([one.place, []]);
  }
  for (const { definition = 'rollcall_calls' } of dashboard.templating.list)
    expect(metrics.has(/rollcall_\w+/.exec(definition)![0])).toBe(true);
});

it('every alert says what is wrong, what to do and where to read on, and every panel has a number of its own', () => {
  const headings = [...read('docs/operating.md').matchAll(/^#{2,4} (.+)$/gm)].map(([, text]) => slug(text!));
  for (const { alert, annotations } of rules) {
    expect([alert, Object.keys(annotations)]).toEqual([alert, ['summary', 'description', 'runbook_url']]);
    const { pathname, hash } = new URL(annotations['runbook_url']!);
    expect([alert, pathname, hash]).toEqual([alert, '/docs/operating.md', `#${alert.toLowerCase()}`]);
    expect(headings.filter((heading) => `#${heading}` === hash)).toHaveLength(1);
  }
  const runbooks = headings.filter((heading) => heading.startsWith('rollcall'));
  expect(runbooks).toEqual(rules.map(({ alert }) => alert.toLowerCase()));
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

/** The anchor of a heading, as GitHub makes it. */
function slug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');
}

const promtool = ['promtool', '/usr/bin/promtool'].find(
  (path) => spawnSync(path, ['--version'], { stdio: 'ignore' }).status === 0,
);

describe.skipIf(promtool === undefined)('promtool', () => {
  const place = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

  it('takes the rules', () => {
    const { status, stdout, stderr } = spawnSync(
      promtool!,
      ['check', 'rules', '--lint-fatal', place('deploy/prometheus/rollcall.rules.yml')],
      { encoding: 'utf8' },
    );
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`${rules.length} rules found`);
  });

  it('has each alert fire while its state lasts, and none where all is well', () => {
    expect(Object.keys(states).sort()).toEqual(rules.map(({ alert }) => alert).sort());
    const cases = Object.entries(states).map(([alert, series]) =>
      alertCase(series, `alertname="${alert}",`, true),
    );
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-alerts-'));
    const file = join(folder, 'alerts.yml');
    const rule_files = [place('deploy/prometheus/rollcall.rules.yml')];
    // YAML has JSON within it.
    writeFileSync(file, JSON.stringify({ rule_files, evaluation_interval: '5m', tests: [...cases, sound] }));
    const { status, stdout, stderr } = spawnSync(promtool!, ['test', 'rules', file], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect([status, stdout + stderr]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });
});

const job = 'job="rollcall",instance="a"';
/** Turns of five minutes: more than a day. */
const turns = 320;
const always = (value: number) => `${value}+0x${turns}`;
const rising = (by: number) => `0+${by}x${turns}`;

/** For each alert the series of its state; time begins at 0. */
const states: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  RollcallDown: { [`up{${job}}`]: always(0) },
  RollcallNotReady: { [`rollcall_ready{${job},check="authority"}`]: always(0) },
  RollcallRestarts: { [`process_start_time_seconds{${job},process="main"}`]: rising(300) },
  RollcallMemory: {
    [`process_resident_memory_bytes{${job},process="worker"}`]: always(4e9),
    [`rollcall_processes{${job},process="worker"}`]: always(2),
  },
  RollcallEventLoopLag: { [`nodejs_eventloop_lag_p99_seconds{${job},process="main"}`]: always(0.6) },
  RollcallAuthorityAway: { [`rollcall_authority_failures_total{${job}}`]: rising(1) },
  RollcallCredentialExpires: {
    [`rollcall_credential_expiry_timestamp_seconds{${job},credential="tls-cert"}`]: always(20 * 86_400),
  },
  RollcallCredentialExpired: {
    [`rollcall_credential_expiry_timestamp_seconds{${job},credential="client-assertion-file"}`]: always(0),
  },
  RollcallSecretOld: {
    [`rollcall_secret_file_modified_timestamp_seconds{${job},credential="client-secret-file"}`]: always(
      -165 * 86_400,
    ),
  },
  RollcallBackgroundTasksFail: { [`rollcall_background_failures_total{${job},task="lease"}`]: rising(5) },
  RollcallErrors: {
    [`rollcall_http_request_duration_seconds_count{${job},route="/",status="200"}`]: rising(90),
    [`rollcall_http_request_duration_seconds_count{${job},route="/",status="503"}`]: rising(10),
  },
  RollcallSlow: {
    [`rollcall_http_request_duration_seconds_bucket{${job},le="1"}`]: rising(9),
    [`rollcall_http_request_duration_seconds_bucket{${job},le="10"}`]: rising(10),
    [`rollcall_http_request_duration_seconds_bucket{${job},le="+Inf"}`]: rising(10),
  },
  RollcallSyncBehind: { [`rollcall_sync_lag_seconds{${job}}`]: always(3 * 3600 + 1) },
  RollcallSubscriptionOver: {
    [`rollcall_sync_subscription_end_timestamp_seconds{${job}}`]: always(0),
  },
  RollcallSyncLeasesLost: { [`rollcall_sync_leases_lost_total{${job}}`]: rising(1) },
  RollcallCallsNotFetched: { [`rollcall_wanted_calls{${job}}`]: always(1) },
  RollcallStoreNotRead: { [`up{${job}}`]: always(1) },
  // It does not end because no further gap comes.
  RollcallGapForGood: { [`rollcall_gaps_unhealable{${job}}`]: always(1) },
  RollcallGap: {
    [`rollcall_gaps{${job}}`]: always(3),
    [`rollcall_gaps_unhealable{${job}}`]: always(1),
  },
  RollcallDamaged: { [`rollcall_corrupt_parts{${job}}`]: always(1) },
  RollcallNotVerified: { [`rollcall_calls{${job}}`]: always(5) },
  RollcallIncomplete: { [`rollcall_tenants_verification_incomplete{${job}}`]: always(1) },
  RollcallSetAside: { [`rollcall_quarantined_pieces{${job}}`]: rising(1) },
  RollcallNotificationsWait: { [`rollcall_outbox_notifications{${job}}`]: always(1001) },
  RollcallNotificationsDropped: { [`rollcall_notifications_total{${job},outcome="dropped"}`]: rising(1) },
  RollcallStoreAway: { [`rollcall_store_server_used{${job},role="host",server="db"}`]: always(0) },
  RollcallStoreNodeLost: { [`rollcall_store_server_used{${job},role="node",server="n"}`]: always(0) },
  RollcallReplicaLeftOut: { [`rollcall_replica_used{${job},server="r"}`]: always(0) },
  RollcallSignInsFail: { [`rollcall_sign_ins_total{${job},outcome="failed"}`]: rising(3) },
};

function alertCase(series: Readonly<Record<string, string>>, selector: string, isFiring: boolean) {
  return {
    interval: '5m',
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{${selector}alertstate="firing"})`,
        // The longest that an alert waits; all others fire much sooner.
        eval_time: selector === '' || selector.includes('NotVerified') ? '26h' : '4h',
        exp_samples: isFiring ? [{ labels: '{}', value: 1 }] : [],
      },
    ],
  };
}

/** Of a process in which all is well. */
const sound = alertCase(
  {
    [`up{${job}}`]: always(1),
    [`rollcall_store_read_timestamp_seconds{${job}}`]: rising(300),
    [`rollcall_ready{${job},check="store"}`]: always(1),
    [`process_start_time_seconds{${job},process="main"}`]: always(5),
    [`process_resident_memory_bytes{${job},process="worker"}`]: always(1.6e9),
    [`rollcall_processes{${job},process="worker"}`]: always(4),
    [`nodejs_eventloop_lag_p99_seconds{${job},process="main"}`]: always(0.01),
    [`rollcall_authority_failures_total{${job}}`]: always(7),
    [`rollcall_credential_expiry_timestamp_seconds{${job},credential="tls-cert"}`]: always(30 * 86_400),
    // It is renewed each hour.
    [`rollcall_credential_expiry_timestamp_seconds{${job},credential="client-assertion-file"}`]: `3600+300x${turns}`,
    [`rollcall_secret_file_modified_timestamp_seconds{${job},credential="client-secret-file"}`]: always(0),
    [`rollcall_http_request_duration_seconds_count{${job},route="/",status="200"}`]: rising(90),
    [`rollcall_calls{${job}}`]: always(5),
    [`rollcall_last_verification_timestamp_seconds{${job}}`]: always(60),
    [`rollcall_gaps{${job}}`]: always(0),
    [`rollcall_gaps_unhealable{${job}}`]: always(0),
    [`rollcall_quarantined_pieces{${job}}`]: always(3),
    [`rollcall_tenants_verification_incomplete{${job}}`]: always(0),
    [`rollcall_sync_lag_seconds{${job}}`]: always(3600),
    [`rollcall_store_server_used{${job},role="host",server="db"}`]: always(1),
  },
  '',
  false,
);
