/** Exports the failures of background tasks at `/metrics` of servers and of `sync`. */
import { Counter, type Registry } from 'prom-client';
import { backgroundFailures } from '../../base/background.ts';

export function backgroundMetrics(register: Registry): void {
  new Counter({
    name: 'rollcall_background_failures_total',
    help: 'Failed runs of background tasks, by task. Each is retried.',
    labelNames: ['task'],
    registers: [register],
    collect() {
      this.reset();
      for (const [task, count] of backgroundFailures()) this.inc({ task }, count);
    },
  });
}
