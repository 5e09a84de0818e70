/** An endpoint as the dispatcher knows it: what is under way to it and how it has answered. */
import { EndpointHealth } from './endpoint-health.ts';

/** Bodies under way to one endpoint at once; one alone while it fails, so that it does not take the places of others. */
const concurrency = 4;

export class DeliveryEndpoint {
  readonly health = new EndpointHealth();
  /** Numbers of the entries that were taken and are not settled yet. */
  readonly taken = new Set<number>();
  #underWay = 0;
  #isFailing = false;

  get free(): number {
    return (this.#isFailing ? 1 : concurrency) - this.#underWay;
  }

  get isFailing(): boolean {
    return this.#isFailing;
  }

  /** As good as unknown. @param isWanted Whether something waits to be sent there. */
  isForgettable(nowMs: number, isWanted: boolean): boolean {
    const isRemembered = isWanted && this.#isFailing;
    return this.#underWay === 0 && this.taken.size === 0 && !isRemembered && this.health.isForgotten(nowMs);
  }

  begin(): void {
    this.#underWay++;
  }

  end(hasFailed: boolean): void {
    this.#underWay--;
    this.#isFailing = hasFailed;
  }
}
