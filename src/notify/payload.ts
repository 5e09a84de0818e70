/**
 * Formats the bodies sent to endpoints, as in the documentation's examples of callRecord and lifecycle notifications.
 */
import { formatKeyedCollection } from '../query/odata/path.ts';
import type { OutboxEntry } from '../store/subscriptions.ts';
import { formatTicks } from '../base/ticks.ts';

/** Formats one body for several notifications, including those of different subscriptions. */
export function formatNotifications(entries: readonly OutboxEntry[]): string {
  return JSON.stringify({ value: entries.map((entry) => notificationOf(entry)) });
}

function notificationOf({ event, callId, subscription }: OutboxEntry) {
  const { id, clientState, tenantId, expirationTicks } = subscription;
  if (event === 'reauthorizationRequired' || callId === undefined)
    return {
      subscriptionId: id,
      subscriptionExpirationDateTime: formatTicks(expirationTicks, { digits: 7, zone: 'Z' }),
      tenantId,
      clientState,
      lifecycleEvent: 'reauthorizationRequired',
    };
  const resource = formatKeyedCollection('communications/callRecords', callId);
  return {
    subscriptionId: id,
    clientState,
    changeType: event,
    resource,
    subscriptionExpirationDateTime: formatTicks(expirationTicks, { digits: 3, zone: '+00:00' }),
    // Graph uses this casing.
    resourceData: { '@odata.type': '#Microsoft.Graph.callrecord', '@odata.id': resource, id: callId },
    tenantId,
  };
}
