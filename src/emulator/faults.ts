/** Holds the rules of scripted faults in the order they were added, and counts the matches of each. */
import { textBytes } from '../base/byte-cache.ts';
import { Fault } from '../contract/faults.ts';
import { canonicalId, isSameId } from '../contract/ids.ts';
import { durationMs } from './duration.ts';
import type { FaultEffect, FaultRule } from './control-bodies.ts';
import { matchesNotification, matchesRequest, scopeOf } from './fault-rule.ts';
import type { OddAnswer } from './odd/kinds.ts';
import type { NotificationFacts, RequestFacts } from './request-facts.ts';

export interface KnownFault extends FaultRule {
  readonly id: string;
  /** The number of requests or notifications that the fault was injected into. */
  readonly met: number;
  /** The number of matches skipped before. */
  readonly passed: number;
  readonly isOver: boolean;
}

interface FaultToInject {
  readonly id: string;
  readonly effect: FaultEffect;
}

/** A rule that makes an answer odd, if the answer has a suitable part. */
interface OddRule {
  readonly id: string;
  readonly effect: FaultEffect & OddAnswer;
  /** Counts an answer that can be made odd. @returns false when the rule skips it or has ended */
  readonly take: () => boolean;
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  readonly endsMs: number;
  readonly bytes: number;
  met: number;
  passed: number;
}

const maxRules = 10_000;
const maxBytes = 16 * 2 ** 20;

export class Faults {
  readonly #now: () => Date;
  #entries: Entry[] = [];
  #bytes = 0;
  #last = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** Adds a rule. @throws Fault `badEmulatorRequest` when there are too many, ended ones included */
  add(rule: FaultRule): KnownFault {
    const bytes = textBytes(JSON.stringify(rule));
    if (this.#entries.length >= maxRules || this.#bytes + bytes > maxBytes)
      throw new Fault(
        'badEmulatorRequest',
        `There are ${this.#entries.length} faults. The limit is ${maxRules} faults or ${maxBytes} bytes. Delete some first.`,
      );
    const entry = { id: String(++this.#last), rule, endsMs: this.#endOf(rule), bytes, met: 0, passed: 0 };
    this.#entries.push(entry);
    this.#bytes += bytes;
    return this.#known(entry);
  }

  list(): KnownFault[] {
    return this.#entries.map((entry) => this.#known(entry));
  }

  /** @returns false when there is no such rule */
  remove(id: string): boolean {
    const found = this.#entries.find((entry) => entry.id === id);
    if (found === undefined) return false;
    this.#entries = this.#entries.filter((entry) => entry !== found);
    this.#bytes -= found.bytes;
    return true;
  }

  clear(): void {
    this.#entries = [];
    this.#bytes = 0;
  }

  /** Returns the fault to inject into a request. @param isBatchItem Excludes faults of the connection. */
  takeForRequest(facts: RequestFacts, isBatchItem = false): FaultToInject | undefined {
    return this.#take('request', ({ match = {}, effect }) => {
      const isPlayable = !isBatchItem || (effect.cut === undefined && effect.wrongJson === undefined);
      return isPlayable && matchesRequest(match, facts);
    });
  }

  /** Returns the rules that may make an answer odd, in order. @param forced The id of a rule to include in any case. */
  oddRules(facts: RequestFacts, forced: string | undefined): readonly OddRule[] {
    return this.#entries.flatMap((entry) => {
      const { id, rule } = entry;
      const { match = {}, effect } = rule;
      const { odd } = effect;
      if (odd === undefined || !this.#isInForce(entry)) return [];
      if (id !== forced && !matchesRequest(match, facts)) return [];
      return [{ id, effect: { ...effect, odd }, take: () => this.#countOn(entry) }];
    });
  }

  get overlapsPages(): boolean {
    return this.#entries.some(
      (entry) => entry.rule.effect.odd === 'overlappingPages' && this.#isInForce(entry),
    );
  }

  takeForNotification(facts: NotificationFacts): FaultEffect | undefined {
    return this.#take('notification', ({ match = {} }) => matchesNotification(match, facts))?.effect;
  }

  get changesView(): boolean {
    return this.#entries.some((entry) => scopeOf(entry.rule.effect) === 'view' && this.#isInForce(entry));
  }

  lateCalls(tenantId: string): ReadonlySet<string> {
    const late = this.#viewRules(tenantId).filter(({ rule }) => rule.effect.late === true);
    return new Set(late.map(({ rule }) => canonicalId(rule.match?.callId ?? '')));
  }

  isLate(tenantId: string, callId: string): boolean {
    const entry = this.#viewRules(tenantId, callId).find(({ rule }) => rule.effect.late === true);
    if (entry !== undefined) entry.met++;
    return entry !== undefined;
  }

  /** Returns the number of participants to remove from the end of a call's list. */
  participantsMissing(tenantId: string, callId: string): number {
    const entry = this.#viewRules(tenantId, callId).find(
      ({ rule }) => rule.effect.participantsMissing !== undefined,
    );
    if (entry !== undefined) entry.met++;
    return entry?.rule.effect.participantsMissing ?? 0;
  }

  #viewRules(tenantId: string, callId?: string): Entry[] {
    return this.#entries.filter((entry) => {
      const { match = {}, effect } = entry.rule;
      return (
        scopeOf(effect) === 'view' &&
        this.#isInForce(entry) &&
        (match.tenant ?? tenantId).toLowerCase() === tenantId &&
        (callId === undefined || isSameId(match.callId ?? callId, callId))
      );
    });
  }

  #take(scope: 'request' | 'notification', matches: (rule: FaultRule) => boolean): FaultToInject | undefined {
    for (const entry of this.#entries) {
      const { rule } = entry;
      if (scopeOf(rule.effect) !== scope || !this.#isInForce(entry) || !matches(rule)) continue;
      if (this.#countOn(entry)) return { id: entry.id, effect: rule.effect };
    }
    return undefined;
  }

  /** Counts a match. @returns false when the rule skips it */
  #countOn(entry: Entry): boolean {
    if (!this.#isInForce(entry)) return false;
    if (entry.passed < (entry.rule.after ?? 0)) {
      entry.passed++;
      return false;
    }
    entry.met++;
    return true;
  }

  #isInForce({ rule, endsMs, met }: Entry): boolean {
    return met < (rule.times ?? Infinity) && this.#now().getTime() < endsMs;
  }

  #endOf({ until, for: span }: FaultRule): number {
    const byTime = until === undefined ? Infinity : Date.parse(until);
    const bySpan = span === undefined ? Infinity : this.#now().getTime() + durationMs(span);
    return Math.min(byTime, bySpan);
  }

  #known(entry: Entry): KnownFault {
    const { id, rule, met, passed } = entry;
    return { id, ...rule, met, passed, isOver: !this.#isInForce(entry) };
  }
}
