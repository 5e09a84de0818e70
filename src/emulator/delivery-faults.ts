/** Injects scripted faults into change notifications. */
import type { DeliveryHook } from '../notify/delivery-hook.ts';
import { durationMs } from './duration.ts';
import type { Faults } from './faults.ts';

export function createDeliveryHook(faults: Faults): DeliveryHook {
  return ({ event, callId, subscription: { tenantId, id: subscriptionId } }) => {
    const effect = faults.takeForNotification({ tenantId, subscriptionId, callId, changeType: event });
    switch (effect?.notification) {
      case 'lost':
        return { kind: 'lose' };
      case 'duplicated':
        return { kind: 'duplicate' };
      case 'last':
        return { kind: 'last' };
      case 'delayed':
        return { kind: 'delay', ms: durationMs(effect.delay ?? 0) };
      case undefined:
        return undefined;
    }
  };
}
