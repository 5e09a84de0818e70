/** Runs scenarios: lists of control API actions with times, performed by the clock of the emulator. */
import { Fault } from '../contract/faults.ts';
import { type ControlBody } from './control-bodies.ts';
import { durationMs } from './duration.ts';
import type { Emulator } from './emulator.ts';

export interface ScenarioState {
  readonly id: string;
  readonly name: string | null;
  readonly state: 'playing' | 'done' | 'failed' | 'stopped';
  readonly steps: number;
  readonly done: number;
  readonly next: string | null;
  /** Which step failed, and why. */
  readonly problem: string | null;
}

type Scenario = ControlBody<'scenario'>;
type Step = Scenario['steps'][number];

/** The number of scenarios to keep; the oldest that have ended are removed. */
const maxRuns = 100;

interface ScenarioRun {
  state: ScenarioState;
  readonly stop: AbortController;
  /** Resolves when the run waits for its next step or has ended. */
  idle: Promise<void>;
}

export class Scenarios {
  readonly #emulator: Emulator;
  readonly #runs = new Map<string, ScenarioRun>();
  #last = 0;

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
  }

  /** Runs a scenario; resolves when its first due steps are done. @throws Fault `badEmulatorRequest` when too many run */
  async start(scenario: Scenario): Promise<ScenarioState> {
    this.#makeRoom();
    const id = String(++this.#last);
    const { name = null, steps } = scenario;
    const begun = { state: 'playing', steps: steps.length, done: 0, next: null, problem: null } as const;
    const run: ScenarioRun = {
      state: { id, name, ...begun },
      stop: new AbortController(),
      idle: Promise.resolve(),
    };
    this.#runs.set(id, run);
    const forget = this.#emulator.clock.onMoved(run, () => run.idle);
    void this.#run(run, scenario).finally(forget);
    await run.idle;
    return run.state;
  }

  list(): ScenarioState[] {
    return [...this.#runs.values()].map(({ state }) => state);
  }

  /** @throws Fault `pageMissing` */
  get(id: string): ScenarioState {
    return this.#runOf(id).state;
  }

  /** Ends it before its next step. @throws Fault `pageMissing` */
  async stop(id: string): Promise<void> {
    const run = this.#runOf(id);
    run.stop.abort();
    await run.idle;
  }

  stopAll(): void {
    for (const { stop } of this.#runs.values()) stop.abort();
  }

  async #run(run: ScenarioRun, { steps, tenant }: Scenario): Promise<void> {
    const { clock } = this.#emulator;
    const { signal } = run.stop;
    const begunMs = clock.now().getTime();
    let idle = Promise.withResolvers<undefined>();
    run.idle = idle.promise;
    const become = (change: Partial<ScenarioState>) => (run.state = { ...run.state, ...change });
    try {
      for (const [i, step] of steps.entries()) {
        const dueMs = dueOf(step, begunMs) ?? 0;
        // A running clock's timer may be a moment early.
        while (!signal.aborted && dueMs > clock.now().getTime()) {
          become({ next: new Date(dueMs).toISOString() });
          idle.resolve(undefined);
          await clock.sleep(dueMs - clock.now().getTime(), signal);
          idle = Promise.withResolvers();
          run.idle = idle.promise;
        }
        if (signal.aborted) {
          become({ state: 'stopped', next: null });
          return;
        }
        become({ next: null });
        try {
          await this.#perform(step, tenant, run);
        } catch (error) {
          become({ state: 'failed', problem: `steps[${i}]: ${problemOf(error)}` });
          return;
        }
        become({ done: i + 1 });
      }
      become({ state: 'done' });
    } finally {
      idle.resolve(undefined);
    }
  }

  /** Performs the action of a step: the schema requires exactly one. */
  async #perform(step: Step, tenant: string | undefined, run: ScenarioRun): Promise<void> {
    const emulator = this.#emulator;
    const { callRecords, generate, version, faults, clearFaults, client, removeClient } = step;
    const { snapshot, restore, reset, advance } = step;
    if (callRecords !== undefined)
      await emulator.add(
        Buffer.from(JSON.stringify(callRecords)),
        tenant === undefined ? {} : { tenantId: tenant },
      );
    if (generate !== undefined) await emulator.generate({ tenant, ...generate });
    if (version !== undefined) await emulator.addVersion(version.id, { tenant, ...version });
    for (const rule of faults ?? []) emulator.faults.add(rule);
    if (clearFaults === true) emulator.faults.clear();
    if (client !== undefined) emulator.setClient(client);
    if (removeClient !== undefined) emulator.removeClient(removeClient);
    if (snapshot !== undefined) emulator.snapshots().save(snapshot);
    if (restore !== undefined) await emulator.restore(restore);
    if (reset === true) await emulator.reset();
    if (advance !== undefined) await emulator.clock.advanceWithin(run, durationMs(advance));
  }

  #makeRoom(): void {
    for (const [id, { state }] of this.#runs) {
      if (this.#runs.size < maxRuns) return;
      if (state.state !== 'playing') this.#runs.delete(id);
    }
    if (this.#runs.size >= maxRuns)
      throw new Fault(
        'badEmulatorRequest',
        `${maxRuns} scenarios are running, which is the limit. End some first: DELETE scenarios/{id}.`,
      );
  }

  #runOf(id: string): ScenarioRun {
    const run = this.#runs.get(id);
    if (run === undefined)
      throw new Fault('pageMissing', `There is no scenario '${id}'. GET scenarios lists them.`);
    return run;
  }
}

function dueOf({ at }: Step, begunMs: number): number | undefined {
  if (at === undefined) return undefined;
  const isInstant = typeof at === 'string' && !at.startsWith('P');
  return isInstant ? Date.parse(at) : begunMs + durationMs(at);
}

function problemOf(error: unknown): string {
  return error instanceof Fault ? error.message : 'an error occurred in the service.';
}
