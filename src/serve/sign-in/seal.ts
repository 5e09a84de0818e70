/**
 * What a browser keeps for the server and can neither read nor change: JSON, encrypted and authenticated (JWE compact,
 * `dir` with A256GCM), for one purpose and a limited time.
 */
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose';

export interface Seal {
  /** @param purpose Text sealed for one is no good for another. */
  close(content: JWTPayload, purpose: string, untilMs: number): Promise<string>;
  /** @returns `undefined` for any text that was not sealed with this key for this purpose, or whose time is over. */
  open(text: string, purpose: string): Promise<JWTPayload | undefined>;
}

const keyManagement = 'dir';
const encryption = 'A256GCM';
/** What browsers keep of one cookie. */
const maxSealedLength = 4096;

/** @param key 32 bytes. */
export function createSeal(key: Uint8Array, clock: () => Date): Seal {
  return {
    close: (content, purpose, untilMs) =>
      new EncryptJWT(content)
        .setProtectedHeader({ alg: keyManagement, enc: encryption })
        .setAudience(purpose)
        .setExpirationTime(Math.floor(untilMs / 1000))
        .encrypt(key),
    async open(text, purpose) {
      if (text.length > maxSealedLength || !isCanonical(text)) return undefined;
      try {
        const { payload } = await jwtDecrypt(text, key, {
          audience: purpose,
          currentDate: clock(),
          requiredClaims: ['exp'],
          keyManagementAlgorithms: [keyManagement],
          contentEncryptionAlgorithms: [encryption],
        });
        return payload;
      } catch (error) {
        if (error instanceof errors.JOSEError || error instanceof TypeError) return undefined;
        throw error;
      }
    },
  };
}

/** Base64 has several texts for the same bytes; only the issued one is accepted. */
function isCanonical(text: string): boolean {
  return text
    .split('.')
    .every((part) => part === '' || Buffer.from(part, 'base64url').toString('base64url') === part);
}
