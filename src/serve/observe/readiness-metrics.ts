/** Exports the checks of `/readyz`, so that alerts contain the reason. */
import { Gauge, type Registry } from 'prom-client';
import type { Readiness } from './readiness.ts';

export function readinessMetrics(register: Registry, readiness: () => Promise<Readiness>): void {
  new Gauge({
    name: 'rollcall_ready',
    help: '1 for each check of /readyz that passes, 0 for one that fails.',
    labelNames: ['check'],
    registers: [register],
    async collect() {
      this.reset();
      const { checks } = await readiness();
      for (const { about, state } of checks) this.set({ check: about }, state === 'well' ? 1 : 0);
    },
  });
}
