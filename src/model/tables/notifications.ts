/** Subscriptions and the change notifications they lead to. Properties stand in wire order. */
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
    property('data', 'Edm.String', required),
    property('dataKey', 'Edm.String', required),
    property('dataSignature', 'Edm.String', required),
    property('encryptionCertificateId', 'Edm.String', required),
    property('encryptionCertificateThumbprint', 'Edm.String', required),
  ]),
  complex('graph.resourceData', { open: true }, []),
  entity('graph.subscription', { base: 'graph.entity' }, [
    property('applicationId', 'Edm.String'),
    property('changeType', 'Edm.String', required),
    property('clientState', 'Edm.String'),
    property('creatorId', 'Edm.String'),
    property('encryptionCertificate', 'Edm.String'),
    property('encryptionCertificateId', 'Edm.String'),
    property('expirationDateTime', 'Edm.DateTimeOffset', required),
    property('includeResourceData', 'Edm.Boolean'),
    property('latestSupportedTlsVersion', 'Edm.String'),
    property('lifecycleNotificationUrl', 'Edm.String'),
    property('notificationQueryOptions', 'Edm.String'),
    property('notificationUrl', 'Edm.String', required),
    property('notificationUrlAppId', 'Edm.String'),
    property('resource', 'Edm.String', required),
  ]),
];
