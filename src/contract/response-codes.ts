/** Returns the meaning of the codes that end a phone call. A code without a documented meaning has none. */
import { microsoftResponses } from './tables/microsoft-responses.ts';
import { sipResponses } from './tables/sip-responses.ts';

/** Returns the meaning of a final SIP code; `undefined` where RFC 3261 does not have the code. */
export function sipMeaning(code: number): string | undefined {
  return sipResponses[code]?.[1];
}

/** Returns the reason phrase of RFC 3261. */
export function sipPhrase(code: number): string | undefined {
  const phrase = sipResponses[code]?.[0];
  return phrase === '' ? undefined : phrase;
}

/** Returns the meaning of a code (`callEndSubReason`), as documented for the SIP code in the same row. */
export function microsoftMeaning(code: number, sip: number | undefined): string | undefined {
  const found = microsoftResponses.find(
    (one) => one.code === code && (one.sip === undefined || (sip !== undefined && one.sip.includes(sip))),
  );
  if (found !== undefined) return found.meaning;
  // 560 followed by a SIP code: the session border controller sent the final response.
  const own = Math.floor(code / 1000) === 560 ? code % 1000 : 0;
  return own >= 300 && own === sip ? `The SBC sent the final response ${own}.` : undefined;
}
