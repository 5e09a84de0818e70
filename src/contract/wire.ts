/** The bodies on the wire as TypeScript types, for programs that use Rollcall's own packages; null and absent differ. */

interface Identity {
  id?: string | null;
  displayName?: string | null;
  tenantId?: string | null;
  userPrincipalName?: string | null;
  [member: string]: unknown;
}

interface CommunicationsIdentitySet {
  endpointType?:
    'default' | 'voicemail' | 'skypeForBusiness' | 'skypeForBusinessVoipPhone' | 'unknownFutureValue' | null;
  applicationInstance?: Identity | null;
  assertedIdentity?: Identity | null;
  azureCommunicationServicesUser?: Identity | null;
  encrypted?: Identity | null;
  guest?: Identity | null;
  onPremises?: Identity | null;
  phone?: Identity | null;
  application?: Identity | null;
  device?: Identity | null;
  user?: Identity | null;
}

export interface Participant {
  id: string;
  identity?: CommunicationsIdentitySet | null;
  administrativeUnitInfos?: { id?: string | null }[];
}

export interface CallRecord {
  id: string;
  version?: number;
  type?: 'unknown' | 'groupCall' | 'peerToPeer' | 'unknownFutureValue';
  modalities?: (
    'audio' | 'video' | 'videoBasedScreenSharing' | 'data' | 'screenSharing' | 'unknownFutureValue'
  )[];
  lastModifiedDateTime?: string;
  startDateTime?: string;
  endDateTime?: string;
  joinWebUrl?: string | null;
  organizer_v2?: Participant | null;
  participants_v2?: Participant[];
}

export interface Page<T> {
  '@odata.context'?: string;
  '@odata.nextLink'?: string;
  value: T[];
}
