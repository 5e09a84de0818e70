/** How often work in the background failed, for `/metrics` of every server and of `sync`. */
import { Counter, type Registry } from 'prom-client';
import { backgroundFailures } from '../background.ts';

export function backgroundMetrics(register: Registry): void {
  new Counter({
    name: 'rollcall_background_failures_total',
    help: 'Turns of work in the background that failed, by task; each is tried again.',
    labelNames: ['task'],
    registers: [register],
    collect() {
      this.reset();
      for (const [task, count] of backgroundFailures()) this.inc({ task }, count);
    },
  });
}
