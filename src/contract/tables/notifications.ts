/** Subscriptions and change notifications. Properties stand in wire order. */
import { complex, entity, property, required } from '../notation.ts';

export const notifications = [
  complex('graph.changeNotification', {}, [
    property('subscriptionId', 'Edm.Guid', required),
    property('subscriptionExpirationDateTime', 'Edm.DateTimeOffset', required),
    property('changeType', 'graph.changeType', required),
    property('resource', 'Edm.String', required),
    property('resourceData', 'graph.resourceData'),
    property('tenantId', 'Edm.Guid', required),
    property('clientState', 'Edm.String'),
    property('lifecycleEvent', 'graph.lifecycleEventType'),
    property('id', 'Edm.String'),
    property('encryptedContent', 'graph.changeNotificationEncryptedContent'),
  ]),
  complex('graph.changeNotificationCollection', {}, [
    property('validationTokens', '[Edm.String]'),
    property('value', '[graph.changeNotification]', required),
  ]),
  complex('graph.changeNotificationEncryptedContent', {}, [
    property('data dataKey dataSignature encryptionCertificateId', 'Edm.String', required),
    property('encryptionCertificateThumbprint', 'Edm.String', required),
  ]),
  complex('graph.resourceData', { open: true }, []),
];

/** As the live service writes them, nulls included (a response of 2022 in a public repository). */
const subscription = [
  property('resource', 'Edm.String', required),
  property('applicationId', 'Edm.String'),
  property('changeType', 'Edm.String', required),
  property('clientState', 'Edm.String'),
  property('notificationUrl', 'Edm.String', required),
  property('notificationQueryOptions lifecycleNotificationUrl', 'Edm.String'),
  property('expirationDateTime', 'Edm.DateTimeOffset', required),
  property('creatorId', 'Edm.String'),
  property('includeResourceData', 'Edm.Boolean'),
  property('latestSupportedTlsVersion encryptionCertificate encryptionCertificateId', 'Edm.String'),
  property('notificationUrlAppId', 'Edm.String'),
];

export const subscriptions = [entity('graph.subscription', { base: 'graph.entity' }, subscription)];

/** Beta has one additional property (typings of 2026). */
export const betaSubscriptions = [
  entity('graph.subscription', { base: 'graph.entity' }, [
    ...subscription,
    property('notificationContentType', 'Edm.String'),
  ]),
];
