/** Scenarios: what a test would tell the stage one by one, written down with times and played by the clock. */
import { Fault } from '../contract/faults.ts';
import { type Body } from './bodies.ts';
import { durationMs } from './duration.ts';
import type { Stage } from './emulator.ts';

export interface ScenarioState {
  readonly id: string;
  readonly name: string | null;
  readonly state: 'playing' | 'done' | 'failed' | 'stopped';
  readonly steps: number;
  /** Steps that are done. */
  readonly done: number;
  /** When the next step is due, where one is. */
  readonly next: string | null;
  /** Which step failed, and why. */
  readonly problem: string | null;
}

type Scenario = Body<'scenario'>;
type Step = Scenario['steps'][number];

/** Scenarios that are played or over; of those that are over, the oldest are forgotten. */
const maxPlayers = 100;

interface Player {
  state: ScenarioState;
  readonly stop: AbortController;
  /** Resolves once the player waits for time to pass, or is over. */
  idle: Promise<void>;
}

export class Scenarios {
  readonly #stage: Stage;
  readonly #players = new Map<string, Player>();
  #last = 0;

  constructor(stage: Stage) {
    this.#stage = stage;
  }

  /** Resolves when every step that is due at once is done. @throws Fault `badStage` when too many are played */
  async play(scenario: Scenario): Promise<ScenarioState> {
    this.#makeRoom();
    const id = String(++this.#last);
    const { name = null, steps } = scenario;
    const state = {
      id,
      name,
      state: 'playing',
      steps: steps.length,
      done: 0,
      next: null,
      problem: null,
    } as const;
    const player: Player = { state, stop: new AbortController(), idle: Promise.resolve() };
    this.#players.set(id, player);
    const forget = this.#stage.clock.onMoved(player, () => player.idle);
    void this.#run(player, scenario).finally(forget);
    await player.idle;
    return player.state;
  }

  list(): ScenarioState[] {
    return [...this.#players.values()].map(({ state }) => state);
  }

  /** @throws Fault `pageMissing` */
  get(id: string): ScenarioState {
    return this.#player(id).state;
  }

  /** Ends it before its next step. @throws Fault `pageMissing` */
  async stop(id: string): Promise<void> {
    const player = this.#player(id);
    player.stop.abort();
    await player.idle;
  }

  stopAll(): void {
    for (const { stop } of this.#players.values()) stop.abort();
  }

  async #run(player: Player, { steps, tenant }: Scenario): Promise<void> {
    const { clock } = this.#stage;
    const { signal } = player.stop;
    const begunMs = clock.now().getTime();
    let idle = Promise.withResolvers<undefined>();
    player.idle = idle.promise;
    const become = (change: Partial<ScenarioState>) => (player.state = { ...player.state, ...change });
    try {
      for (const [i, step] of steps.entries()) {
        const dueMs = dueOf(step, begunMs) ?? 0;
        // A running clock's timer may be a moment early.
        while (!signal.aborted && dueMs > clock.now().getTime()) {
          become({ next: new Date(dueMs).toISOString() });
          idle.resolve(undefined);
          await clock.sleep(dueMs - clock.now().getTime(), signal);
          idle = Promise.withResolvers();
          player.idle = idle.promise;
        }
        if (signal.aborted) {
          become({ state: 'stopped', next: null });
          return;
        }
        become({ next: null });
        try {
          await this.#perform(step, tenant, player);
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

  /** Every action that the step has: the schema says that there is one. */
  async #perform(step: Step, tenant: string | undefined, player: Player): Promise<void> {
    const stage = this.#stage;
    const { callRecords, generate, version, faults, clearFaults, client, removeClient } = step;
    const { snapshot, restore, reset, advance } = step;
    if (callRecords !== undefined)
      await stage.add(
        Buffer.from(JSON.stringify(callRecords)),
        tenant === undefined ? {} : { tenantId: tenant },
      );
    if (generate !== undefined) await stage.generate({ tenant, ...generate });
    if (version !== undefined) await stage.addVersion(version.id, { tenant, ...version });
    for (const rule of faults ?? []) stage.faults.add(rule);
    if (clearFaults === true) stage.faults.clear();
    if (client !== undefined) stage.setClient(client);
    if (removeClient !== undefined) stage.removeClient(removeClient);
    if (snapshot !== undefined) stage.snapshots().save(snapshot);
    if (restore !== undefined) await stage.restore(restore);
    if (reset === true) await stage.reset();
    if (advance !== undefined) await stage.clock.advanceWithin(player, durationMs(advance));
  }

  #makeRoom(): void {
    for (const [id, { state }] of this.#players) {
      if (this.#players.size < maxPlayers) return;
      if (state.state !== 'playing') this.#players.delete(id);
    }
    if (this.#players.size >= maxPlayers)
      throw new Fault(
        'badStage',
        `${maxPlayers} scenarios are played, and no more at a time. End some first: DELETE scenarios/{id}.`,
      );
  }

  #player(id: string): Player {
    const player = this.#players.get(id);
    if (player === undefined)
      throw new Fault('pageMissing', `There is no scenario '${id}'. GET scenarios lists them.`);
    return player;
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
