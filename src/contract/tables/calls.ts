/** Calls and the people in them. Properties stand in wire order. */
import { autoExpanded, complex, entity, navigation, property, replacedBy, required } from '../notation.ts';

export const calls = [
  entity('graph.entity', { abstract: true }, [property('id', 'Edm.String', required)]),
  entity('graph.cloudCommunications', {}, [navigation('callRecords', '[records.callRecord]')]),
  entity('records.callRecord', { base: 'graph.entity' }, [
    property('version', 'Edm.Int64', required),
    property('type', 'records.callType', required),
    property('modalities', '[records.modality]', required),
    property('lastModifiedDateTime startDateTime endDateTime', 'Edm.DateTimeOffset', required),
    property('joinWebUrl', 'Edm.String'),
    property('organizer', 'graph.identitySet', replacedBy('organizer_v2', '2023-06')),
    property('participants', '[graph.identitySet]', replacedBy('participants_v2', '2023-06')),
    navigation('organizer_v2', 'records.organizer', autoExpanded),
    navigation('sessions', '[records.session]'),
    navigation('participants_v2', '[records.participant]'),
  ]),
  entity('records.participantBase', { base: 'graph.entity', abstract: true }, [
    property('identity', 'graph.communicationsIdentitySet'),
    property('administrativeUnitInfos', '[records.administrativeUnitInfo]'),
  ]),
  entity('records.participant', { base: 'records.participantBase' }, []),
  entity('records.organizer', { base: 'records.participantBase' }, []),
  complex('records.administrativeUnitInfo', {}, [property('id', 'Edm.String')]),
];
