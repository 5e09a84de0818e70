import type { Certificate } from '../auth/certificate.ts';
import type { Settings } from './settings.ts';

/** What workers are told: they read no configuration, so that all of them have the same whenever they were started. */
export interface WorkerConfiguration {
  readonly settings: Settings;
  readonly tls: Certificate | undefined;
}
