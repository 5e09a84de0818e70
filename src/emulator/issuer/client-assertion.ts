/** Verifies a client assertion: a JWT signed with the key of the client's certificate (RFC 7523, section 2.2). */
import { hash, type X509Certificate } from 'node:crypto';
import { decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';

/** Entra's error code and message for an invalid assertion. */
interface AssertionProblem {
  readonly code: number;
  readonly message: string;
}

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const algorithms = ['RS256', 'PS256', 'ES256'];
const clockSkewSeconds = 300;

/** Returns the client that an assertion names, unverified. */
export function assertedClient(assertion: string): string | undefined {
  try {
    const { sub, iss } = decodeJwt(assertion);
    return sub ?? iss;
  } catch {
    return undefined; // verification reports it
  }
}

/** Returns the problem of an assertion; undefined when it is valid. @param audiences The accepted audiences. */
export async function assertionProblem(
  assertion: string,
  clientId: string,
  certificates: readonly X509Certificate[],
  audiences: readonly string[],
  now: Date,
): Promise<AssertionProblem | undefined> {
  const certificate = certificateOf(assertion, certificates);
  if (certificate === undefined)
    return {
      code: 700027,
      message: 'The certificate of the assertion is not registered for the application.',
    };
  try {
    const { payload } = await jwtVerify(assertion, certificate.publicKey, {
      algorithms,
      audience: [...audiences],
      clockTolerance: clockSkewSeconds,
      currentDate: now,
      requiredClaims: ['exp', 'iss', 'sub'],
    });
    if ([payload.iss, payload.sub].some((claim) => claim?.toLowerCase() !== clientId))
      return { code: 700021, message: "'iss' and 'sub' of the assertion must be the application." };
    return undefined;
  } catch (error) {
    if (error instanceof errors.JWTExpired)
      return { code: 700024, message: 'The assertion is not within its valid time range.' };
    if (error instanceof errors.JWTClaimValidationFailed)
      return error.claim === 'aud'
        ? { code: 700023, message: "'aud' of the assertion must be the token endpoint." }
        : { code: 700024, message: `The claim '${error.claim}' of the assertion is missing or wrong.` };
    // A signature that does not match, or a key that does not suit the algorithm.
    if (error instanceof errors.JOSEError || error instanceof TypeError)
      return { code: 700027, message: 'The signature of the assertion is not valid.' };
    throw error;
  }
}

/** By its thumbprint: SHA-256 in `x5t#S256`, SHA-1 in `x5t` (RFC 7515, sections 4.1.7 and 4.1.8). */
function certificateOf(
  assertion: string,
  certificates: readonly X509Certificate[],
): X509Certificate | undefined {
  try {
    const { x5t, 'x5t#S256': x5tS256 } = decodeProtectedHeader(assertion) as Record<string, unknown>;
    return certificates.find(({ raw }) =>
      x5tS256 === undefined
        ? x5t === hash('sha1', raw, 'base64url')
        : x5tS256 === hash('sha256', raw, 'base64url'),
    );
  } catch {
    return undefined; // not a JWT: it names no certificate
  }
}
