/** Identities and their sets, open types: undeclared members are served as received. Properties in wire order. */
import { complex, dynamic, inherited, property } from '../notation.ts';

export const identities = [
  complex('graph.identity', { open: true }, [
    property('id displayName', 'Edm.String'),
    dynamic('tenantId', 'Edm.String'),
  ]),
  complex('graph.identitySet', { open: true }, [
    dynamic('acsUser spoolUser phone guest encrypted onPremises', 'graph.identity'),
    dynamic('acsApplicationInstance spoolApplicationInstance applicationInstance', 'graph.identity'),
    property('application device user', 'graph.identity'),
  ]),
  complex('graph.communicationsIdentitySet', { base: 'graph.identitySet', open: true }, [
    property('endpointType', 'graph.endpointType'),
    dynamic('acsUser spoolUser', 'graph.identity'),
    property('phone guest encrypted onPremises', 'graph.identity'),
    dynamic('acsApplicationInstance spoolApplicationInstance', 'graph.identity'),
    property('applicationInstance', 'graph.identity'),
    inherited('application device'),
    property('azureCommunicationServicesUser assertedIdentity', 'graph.identity'),
    inherited('user'),
  ]),
  complex('graph.azureCommunicationServicesUserIdentity', { base: 'graph.identity', open: true }, [
    property('azureCommunicationServicesResourceId', 'Edm.String'),
  ]),
  complex('graph.communicationsApplicationIdentity', { base: 'graph.identity', open: true }, [
    property('applicationType', 'Edm.String'),
    property('hidden', 'Edm.Boolean'),
  ]),
  complex('graph.communicationsApplicationInstanceIdentity', { base: 'graph.identity', open: true }, [
    property('hidden', 'Edm.Boolean'),
    property('tenantId', 'Edm.String'),
  ]),
  complex('graph.communicationsEncryptedIdentity', { base: 'graph.identity', open: true }, []),
  complex('graph.communicationsGuestIdentity', { base: 'graph.identity', open: true }, [
    property('email', 'Edm.String'),
  ]),
  complex('graph.communicationsPhoneIdentity', { base: 'graph.identity', open: true }, []),
  complex('graph.communicationsUserIdentity', { base: 'graph.identity', open: true }, [
    property('tenantId', 'Edm.String'),
  ]),
  complex('graph.teamworkUserIdentity', { base: 'graph.identity', open: true }, [
    property('userIdentityType', 'graph.teamworkUserIdentityType'),
  ]),
  complex('graph.userIdentity', { base: 'graph.identity', open: true }, [
    property('ipAddress userPrincipalName', 'Edm.String'),
  ]),
];
