/** The dashboard, the alert rules and the reference of metrics, held against what a server exposes. */
import { readFileSync } from 'node:fs';
import { parser } from '@prometheus-io/lezer-promql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { systemClock } from '../../src/clock.ts';
import { createSyncMetrics } from '../../src/http/sync-metrics.ts';
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

/** As `docs/metrics.md` has them. */
function documented(): Map<string, Metric> {
  const rows = read('docs/metrics.md').matchAll(
    /^\| `((?:rollcall|process|nodejs)_\w+)` +\| (\w+) +\| ([^|]*)\|/gm,
  );
  return new Map(
    [...rows].map(([, name, type, labels]) => [
      name!,
      { type: type!, labels: [...labels!.matchAll(/`(\w+)`/g)].map(([, label]) => label!).sort() },
    ]),
  );
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
    const [, below = ''] = read('docs/metrics.md').split('## Of `sync`');
    const own = [...metrics.keys()].filter((name) => !ofServer.has(name));
    expect(own.filter((name) => !below.includes(`| \`${name}\``))).toEqual([]);
    for (const [name, { type, labels }] of documented()) {
      const { type: real, labels: seen } = metrics.get(name)!;
      // A counter that has counted nothing has no labels to see.
      expect([name, type, labels]).toEqual([name, real, seen.length === 0 ? labels : seen]);
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

it('every alert says what is wrong and what to do, and every panel has a number of its own', () => {
  for (const { alert, annotations } of rules)
    expect([alert, Object.keys(annotations)]).toEqual([alert, ['summary', 'remedy']]);
  const ids = dashboard.panels.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});
