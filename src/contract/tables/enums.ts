/**
 * Enumerations, with members ordered by value from 0. A client sees members after `unknownFutureValue` only on request
 * (`Prefer: include-unknown-enum-members`).
 */
import { enumeration } from '../notation.ts';

export const enums = [
  enumeration('graph.changeType', 'created updated deleted'),
  enumeration(
    'graph.endpointType',
    'default voicemail skypeForBusiness skypeForBusinessVoipPhone unknownFutureValue',
  ),
  enumeration('graph.lifecycleEventType', 'missed subscriptionRemoved reauthorizationRequired'),
  enumeration(
    'graph.teamworkUserIdentityType',
    'aadUser onPremiseAadUser anonymousGuest federatedUser personalMicrosoftAccountUser skypeUser phoneUser',
    'unknownFutureValue emailUser',
  ),
  enumeration(
    'records.audioCodec',
    'unknown invalid cn pcma pcmu amrWide g722 g7221 g7221c g729 multiChannelAudio muchv2 opus satin',
    'satinFullband rtAudio8 rtAudio16 silk silkNarrow silkWide siren xmsRta unknownFutureValue',
  ),
  enumeration('records.callType', 'unknown groupCall peerToPeer unknownFutureValue'),
  enumeration(
    'records.clientPlatform',
    'unknown windows macOS iOS android web ipPhone roomSystem surfaceHub holoLens unknownFutureValue',
  ),
  enumeration('records.failureStage', 'unknown callSetup midcall unknownFutureValue'),
  enumeration('records.mediaStreamDirection', 'callerToCallee calleeToCaller'),
  enumeration(
    'records.modality',
    'audio video videoBasedScreenSharing data screenSharing unknownFutureValue',
  ),
  enumeration('records.networkConnectionType', 'unknown wired wifi mobile tunnel unknownFutureValue'),
  enumeration('records.networkTransportProtocol', 'unknown udp tcp unknownFutureValue'),
  enumeration(
    'records.productFamily',
    'unknown teams skypeForBusiness lync unknownFutureValue azureCommunicationServices',
  ),
  enumeration('records.pstnCallDurationSource', 'microsoft operator'),
  enumeration(
    'records.serviceRole',
    'unknown customBot skypeForBusinessMicrosoftTeamsGateway skypeForBusinessAudioVideoMcu',
    'skypeForBusinessApplicationSharingMcu skypeForBusinessCallQueues skypeForBusinessAutoAttendant',
    'mediationServer mediationServerCloudConnectorEdition exchangeUnifiedMessagingService mediaController',
    'conferencingAnnouncementService conferencingAttendant audioTeleconferencerController',
    'skypeForBusinessUnifiedCommunicationApplicationPlatform responseGroupServiceAnnouncementService gateway',
    'skypeTranslator skypeForBusinessAttendant responseGroupService voicemail unknownFutureValue',
  ),
  enumeration('records.userFeedbackRating', 'notRated bad poor fair good excellent unknownFutureValue'),
  enumeration(
    'records.videoCodec',
    'unknown invalid av1 h263 h264 h264s h264uc h265 rtvc1 rtVideo xrtvc1 unknownFutureValue',
  ),
  enumeration('records.wifiBand', 'unknown frequency24GHz frequency50GHz frequency60GHz unknownFutureValue'),
  enumeration(
    'records.wifiRadioType',
    'unknown wifi80211a wifi80211b wifi80211g wifi80211n wifi80211ac wifi80211ax unknownFutureValue',
  ),
];

/** The additional enumerations of beta. */
export const betaEnums = [enumeration('records.pstnUserBlockMode', 'blocked unblocked unknownFutureValue')];
