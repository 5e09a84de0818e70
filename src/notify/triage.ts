/** Decides what to do with notifications that are due: send, postpone or drop. */
import type { OutboxEntry, Settlement } from '../store/subscriptions.ts';
import { retryForMs } from './back-off.ts';
import type { EndpointState } from './delivery-endpoint.ts';
import type { DeliveryHook } from './delivery-hook.ts';

/** The delay of notifications to a slow endpoint. */
const slowDelayMs = 600_000;

interface TriageRules {
  readonly nowMs: number;
  readonly state: EndpointState;
  readonly deliveryHook: DeliveryHook | undefined;
}

interface Triage {
  readonly send: readonly OutboxEntry[];
  /** Notifications to send a second time. */
  readonly twice: readonly OutboxEntry[];
  readonly settlements: readonly Settlement[];
  /** How many of the settlements drop a notification. */
  readonly dropped: number;
}

export function triage(entries: readonly OutboxEntry[], rules: TriageRules): Triage {
  const { nowMs, state, deliveryHook } = rules;
  const send: OutboxEntry[] = [];
  const last: OutboxEntry[] = [];
  const twice: OutboxEntry[] = [];
  const settlements: Settlement[] = [];
  let dropped = 0;
  for (const entry of entries) {
    const { number, attempts, causedMs: sinceMs } = entry;
    const isNew = attempts === 0;
    const waitsUntilMs = isNew && state === 'slow' ? sinceMs + slowDelayMs : sinceMs;
    if (waitsUntilMs > nowMs) {
      settlements.push({ number, outcome: 'postpone', dueMs: waitsUntilMs });
      continue;
    }
    if (isNew ? state === 'drop' : nowMs > sinceMs + retryForMs) {
      settlements.push({ number, outcome: 'done' });
      dropped++;
      continue;
    }
    const decision = deliveryHook?.(entry);
    switch (decision?.kind) {
      case 'lose':
        settlements.push({ number, outcome: 'done' });
        break;
      case 'delay':
        settlements.push({ number, outcome: 'postpone', dueMs: nowMs + decision.ms });
        break;
      case 'last':
        last.push(entry);
        break;
      case 'duplicate':
        twice.push(entry);
        send.push(entry);
        break;
      case undefined:
        send.push(entry);
    }
  }
  return { send: [...send, ...last], twice, settlements, dropped };
}
