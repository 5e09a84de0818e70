/** The records that the matrix asks about. */
import { aParticipant, aRecord, participants } from '../../support/records.ts';

const endpoint = (id: string) => ({
  '@odata.type': '#microsoft.graph.callRecords.participantEndpoint',
  name: null,
  userAgent: {
    '@odata.type': '#microsoft.graph.callRecords.clientUserAgent',
    headerValue: 'UCCAPI/16.0',
    platform: 'windows',
    productFamily: 'azureCommunicationServices',
  },
  identity: { user: { id, displayName: 'Old', tenantId: null } },
  associatedIdentity: {
    '@odata.type': '#microsoft.graph.callRecords.userIdentity',
    id,
    userPrincipalName: null,
  },
});
const times = { startDateTime: '2026-03-02T10:00:00Z', endDateTime: '2026-03-02T10:20:00Z' };
/** As other tools than Graph write it. */
const guid = 'E523D2ED-2966-4B6B-925B-754A88034CC5';
const session = (i: number) => ({
  id: i === 69 ? guid : `session-${i}`,
  modalities: ['audio'],
  ...times,
  isTest: false,
  failureInfo: null,
  caller: endpoint(`participant-${i}`),
  callee: null,
  segments: [
    {
      id: `segment-${i}`,
      ...times,
      failureInfo: null,
      caller: endpoint(`participant-${i}`),
      callee: null,
      media: [],
    },
    {
      id: `segment-${i}-b`,
      ...times,
      failureInfo: null,
      caller: null,
      callee: null,
      media: [{ streams: [{ packetUtilization: 4294967295 }] }],
    },
  ],
});
const organizer = {
  id: 'participant-0',
  identity: aParticipant('participant-0')['identity'],
  administrativeUnitInfos: [],
};
const identitySet = { user: { id: 'participant-0', displayName: 'Old', tenantId: null } };

const span = (date: string) => ({
  startDateTime: `2026-02-${date}T00:00:00Z`,
  endDateTime: `2026-02-${date}T00:01:00Z`,
});
const pstn = (i: number, time: object) => ({
  '@odata.type': '#microsoft.graph.callRecords.pstnCallLogRow',
  id: `pstn-${i}`,
  ...time,
  charge: 1.5,
  otherPartyCountryCode: 'US',
});

export const records: readonly object[] = [
  aRecord('call', {
    joinWebUrl: null,
    organizer: identitySet,
    participants: [identitySet],
    organizer_v2: organizer,
    participants_v2: [...participants(139), aParticipant('+5564981205182')],
    sessions: Array.from({ length: 70 }, (_, i) => session(i)),
  }),
  aRecord("o'neil", {
    startDateTime: '2026-03-02T11:00:00.1234567Z',
    participants_v2: [...participants(1), aParticipant(guid)],
  }),
  aRecord('alone', {
    startDateTime: '2026-03-03T11:00:00Z',
    endDateTime: '2026-03-03T11:30:00Z',
    organizer_v2: null,
  }),
  ...Array.from({ length: 1001 }, (_, i) => pstn(i, span('01'))),
  pstn(2000, { startDateTime: '2026-02-10T00:00:00Z' }),
  {
    '@odata.type': '#microsoft.graph.callRecords.directRoutingLogRow',
    id: 'dr',
    startDateTime: '2026-02-10T00:00:00Z',
    callerNumber: '+12345678***',
  },
  {
    '@odata.type': '#microsoft.graph.callRecords.smsLogRow',
    smsId: 'sms',
    sentDateTime: '2026-02-10T00:00:00Z',
  },
  {
    '@odata.type': '#microsoft.graph.callRecords.pstnBlockedUsersLogRow',
    blockDateTime: '2026-02-10T00:00:00Z',
    userBlockMode: 'Blocked',
  },
  {
    '@odata.type': '#microsoft.graph.callRecords.pstnOnlineMeetingDialoutReport',
    totalCalls: 12,
    currency: 'USD',
  },
];
