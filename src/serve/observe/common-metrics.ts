/** Exports what servers and `sync` have in common: read for each scrape. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Awaitable } from '../../base/awaitable.ts';
import { backgroundFailures } from '../../base/background.ts';
import { version } from '../../base/version.ts';
import type { Readiness } from './readiness.ts';

interface ReadMetric<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labelNames?: readonly Label[];
  /** Values with their labels; values of earlier scrapes are dropped. */
  readonly values: () => Awaitable<readonly (readonly [Partial<Record<Label, string>>, number])[]>;
}

/** Registers a gauge whose values are read for each scrape. */
export function readGauge<Label extends string>(
  register: Registry,
  { values, labelNames = [], ...named }: ReadMetric<Label>,
): void {
  new Gauge({
    ...{ ...named, labelNames, registers: [register] },
    async collect() {
      this.reset();
      for (const [labels, value] of await values()) this.set(labels, value);
    },
  });
}

export function readCounter<Label extends string>(
  register: Registry,
  { values, labelNames = [], ...named }: ReadMetric<Label>,
): void {
  new Counter({
    ...{ ...named, labelNames, registers: [register] },
    async collect() {
      this.reset();
      for (const [labels, value] of await values()) this.inc(labels, value);
    },
  });
}

/** Exports the failures of background tasks, the versions, and the checks of `/readyz`, so that alerts have the reason. */
export function commonMetrics(register: Registry, readiness: () => Promise<Readiness>): void {
  readCounter(register, {
    name: 'rollcall_background_failures_total',
    help: 'Failed runs of background tasks, by task. Each is retried.',
    labelNames: ['task'],
    values: () => [...backgroundFailures()].map(([task, count]) => [{ task }, count]),
  });
  new Gauge({
    name: 'rollcall_build_info',
    help: 'Always 1; its labels are the versions of Rollcall and of Node.js.',
    labelNames: ['version', 'node'],
    registers: [register],
  }).set({ version, node: process.versions.node }, 1);
  readGauge(register, {
    name: 'rollcall_ready',
    help: '1 for each check of /readyz that passes, 0 for one that fails.',
    labelNames: ['check'],
    async values() {
      const { checks } = await readiness();
      return checks.map(({ about, state }) => [{ check: about }, state === 'well' ? 1 : 0]);
    },
  });
}
