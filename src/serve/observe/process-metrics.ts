/** Exports metrics of the process and of Node.js, collected once per process. */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** The process that a metric describes: the main process, or the sum of its workers. */
export type ProcessRole = 'main' | 'worker';

/** A metric as prom-client writes it in JSON, to be aggregated with that of other processes. */
export type MetricJson = Awaited<ReturnType<Registry['getMetricsAsJSON']>>[number];

/** How the values of several workers are combined; metrics without a row are summed. */
const aggregators: readonly (readonly [names: RegExp, aggregator: MetricJson['aggregator']])[] = [
  // The newest value: it changes when a worker is replaced.
  [/^process_start_time_seconds$/, 'max'],
  [/^(nodejs_eventloop_lag_min_seconds|process_max_fds)$/, 'min'],
  [/^(nodejs_eventloop_lag_.*|process_open_fds)$/, 'max'],
  [/^nodejs_version_info$/, 'first'],
];

let registry: Registry | undefined;

/** Returns the metrics of this process, each with the label `process`. */
export async function processMetrics(role: ProcessRole): Promise<readonly MetricJson[]> {
  registry ??= registryOfProcess();
  const metrics = await registry.getMetricsAsJSON();
  return metrics.map((metric) => ({
    ...metric,
    aggregator: aggregators.find(([names]) => names.test(metric.name))?.[1] ?? 'sum',
    values: metric.values.map((value) => ({ ...value, labels: { ...value.labels, process: role } })),
  }));
}

function registryOfProcess(): Registry {
  const register = new Registry();
  collectDefaultMetrics({ register });
  new Gauge({ name: 'rollcall_processes', help: 'Processes that run.', registers: [register] }).set(1);
  return register;
}
