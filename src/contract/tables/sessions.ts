/** Sessions and segments of a call, and the endpoints between which they ran. Properties stand in wire order. */
import { complex, entity, inherited, navigation, property, replacedBy, required } from '../notation.ts';

export const sessions = [
  entity('records.session', { base: 'graph.entity' }, [
    property('modalities', '[records.modality]', required),
    property('startDateTime endDateTime', 'Edm.DateTimeOffset', required),
    property('isTest', 'Edm.Boolean'),
    property('failureInfo', 'records.failureInfo'),
    property('caller callee', 'records.endpoint'),
    navigation('segments', '[records.segment]'),
  ]),
  entity('records.segment', { base: 'graph.entity' }, [
    property('startDateTime endDateTime', 'Edm.DateTimeOffset', required),
    property('failureInfo', 'records.failureInfo'),
    property('caller callee', 'records.endpoint'),
    property('media', '[records.media]'),
  ]),
  complex('records.failureInfo', {}, [
    property('reason', 'Edm.String'),
    property('stage', 'records.failureStage', required),
  ]),
  complex('records.endpoint', {}, [property('userAgent', 'records.userAgent')]),
  complex('records.participantEndpoint', { base: 'records.endpoint' }, [
    property('name cpuName', 'Edm.String'),
    property('cpuCoresCount cpuProcessorSpeedInMhz', 'Edm.Int32'),
    inherited('userAgent'),
    property('identity', 'graph.identitySet', replacedBy('associatedIdentity', '2023-11')),
    property('associatedIdentity', 'graph.identity'),
    property('feedback', 'records.userFeedback'),
  ]),
  complex('records.serviceEndpoint', { base: 'records.endpoint' }, []),
  complex('records.userAgent', { abstract: true }, [
    property('headerValue applicationVersion', 'Edm.String'),
  ]),
  complex('records.clientUserAgent', { base: 'records.userAgent' }, [
    inherited('headerValue applicationVersion'),
    property('platform', 'records.clientPlatform', required),
    property('productFamily', 'records.productFamily', required),
    property('communicationServiceId azureADAppId', 'Edm.String'),
  ]),
  complex('records.serviceUserAgent', { base: 'records.userAgent' }, [
    property('role', 'records.serviceRole', required),
  ]),
  complex('records.userFeedback', {}, [
    property('text', 'Edm.String'),
    property('rating', 'records.userFeedbackRating', required),
    property('tokens', 'records.feedbackTokenSet'),
  ]),
  complex('records.feedbackTokenSet', { open: true }, []),
  complex('records.userIdentity', { base: 'graph.identity', open: true }, [
    property('userPrincipalName', 'Edm.String'),
  ]),
];
