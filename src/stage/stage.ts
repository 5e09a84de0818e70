/** What a test moves in a `dev` server: its clock, its faults, and what its store holds. */
import type { CallRecordStore } from '../store/store.ts';
import { Faults } from './faults.ts';
import type { StageClock } from './stage-clock.ts';
import { createStagedStore } from './staged-store.ts';

export interface StageOptions {
  readonly store: CallRecordStore;
  readonly clock: StageClock;
  /** Whose calls are added where a request does not say. */
  readonly tenantId: string;
}

export interface Stage {
  readonly clock: StageClock;
  readonly faults: Faults;
  /** What the API reads. */
  readonly store: CallRecordStore;
  readonly tenantId: string;
}

export function createStage({ store, clock, tenantId }: StageOptions): Stage {
  const faults = new Faults(clock.now);
  return { clock, faults, tenantId, store: createStagedStore(store, faults) };
}
