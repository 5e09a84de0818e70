/**
 * Response codes that Microsoft assigns in addition to the SIP code (`callEndSubReason`), each with the SIP codes that
 * it is documented with; none where its meaning does not depend on the SIP code.
 *
 * @see https://learn.microsoft.com/microsoftteams/troubleshoot/phone-system/direct-routing/microsoft-sip-response-codes
 *   and its page for each SIP code; 540000, 540486, 540487 and 560000 to 560603:
 *   https://learn.microsoft.com/azure/communication-services/resources/troubleshooting/voice-video-calling/troubleshooting-codes
 */
interface MicrosoftResponse {
  readonly code: number;
  readonly sip?: readonly number[];
  readonly meaning: string;
}

function row(code: number, sip: number | readonly number[], meaning: string): MicrosoftResponse {
  return { code, sip: typeof sip === 'number' ? [sip] : sip, meaning };
}

export const microsoftResponses: readonly MicrosoftResponse[] = [
  row(0, 408, 'Media was not established in time; an error of the client.'),
  row(1106, 408, 'The SBC did not acknowledge that the call was answered.'),
  row(10037, 480, 'The called user has no signed-in client.'),
  row(10140, 480, 'The called bot rejected the call: its settings are missing.'),
  row(10191, 480, 'The calling policy does not allow voicemail.'),
  row(10199, 403, 'The calling policy of the called user does not allow private calls.'),
  row(10202, 404, 'The call to replace, in a merge or a transfer, was not found.'),
  row(10320, 503, 'The called bot did not answer in time.'),
  row(10321, 486, 'The called bot is busy.'),
  row(10500, 403, 'Location-based routing does not allow this call.'),
  row(10553, 403, 'A required compliance recorder could not join.'),
  row(500001, 408, 'The SBC did not answer before the failover timer expired.'),
  row(510412, 412, 'The called number of an incoming call is malformed.'),
  row(510482, 500, 'The call was forwarded in a loop.'),
  row(510532, 403, 'No trunk of the tenant matches the SBC.'),
  row(510534, 403, 'The calling number is blocked for incoming calls.'),
  row(510544, 500, 'No trunk is configured for this outgoing call.'),
  row(510559, 403, 'No voice route of the user matches the dialed number.'),
  row(510560, 403, 'The user is not enabled for Enterprise Voice.'),
  row(510562, 403, 'The user may not make outgoing phone calls.'),
  row(510563, 403, 'The user may only make domestic calls; this call is international.'),
  row(511404, 404, 'No user or resource account has the called number.'),
  row(531000, 410, 'The media description (SDP) is malformed or not supported.'),
  row(531000, 488, 'The SBC offered no supported media format, or no required SRTP.'),
  row(531004, 410, 'No media path could be established (ICE checks failed).'),
  row(531005, 410, 'The media path was lost during the call.'),
  row(531027, 488, 'Media bypass failed: the SBC offered no ICE candidates.'),
  row(531052, 488, 'The SBC offered the media address 0.0.0.0, which is not supported.'),
  { code: 540000, meaning: 'An incoming call ended normally.' },
  row(540400, 400, 'The SBC sent an invalid SIP message.'),
  row(540415, 415, 'The offer of the SBC is missing or has an unsupported media type.'),
  row(540422, 422, 'The session interval is too small.'),
  row(540486, 486, 'The called number was busy.'),
  row(540487, 487, 'The caller hung up before the call was answered.'),
  row(549002, 504, 'The SBC could not be reached, or it sent an invalid SIP message.'),
  row(549018, 504, 'The SBC sent an invalid SIP message.'),
  { code: 560000, meaning: 'An outgoing call ended normally.' },
  row(560402, 402, 'The SBC asks for payment: look for a problem of the carrier.'),
  row(560403, 403, 'The SBC rejected the call.'),
  row(560404, 404, 'The SBC does not find the called number, or does not allow it.'),
  row(560408, 408, 'The SBC reports that the called side did not respond.'),
  row(560420, 420, 'The SBC does not support a required SIP extension.'),
  row(560480, 480, 'The called user did not answer or is not available.'),
  row(560484, 484, 'The SBC rejected the format of the called number.'),
  row(560486, 486, 'The called number was busy.'),
  row(560487, 487, 'The caller hung up before the call was answered.'),
  row(560500, 500, 'A server on the side of the SBC failed.'),
  row(560503, 503, 'The SBC is overloaded or under maintenance, or has no free line.'),
  row(560603, 603, 'The called side declined the call.'),
  row(569002, 504, 'The SBC could not be reached: connection or TLS negotiation failed.'),
  row(569003, 504, 'The TLS certificate of the SBC was not accepted.'),
  row(569008, 504, 'The TLS certificate of the SBC has expired.'),
  row(569009, 504, 'The TLS certificate of the SBC has an untrusted root.'),
  row(569015, 504, 'The name of the SBC cannot be resolved.'),
  row(569016, 504, 'The name of the SBC has no address record in DNS.'),
  row(569018, 504, 'The SBC sent an invalid SIP message.'),
];
