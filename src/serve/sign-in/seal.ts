/**
 * Seals data that a browser stores but cannot read or change: JSON, encrypted and authenticated (JWE compact, `dir`
 * with A256GCM), for one purpose and a limited time.
 */
import { EncryptJWT, errors, jwtDecrypt, type JWTPayload } from 'jose';

export interface Seal {
  /** Encrypts content. @param purpose Text sealed for one purpose is invalid for another. */
  close(content: JWTPayload, purpose: string, untilMs: number): Promise<string>;
  /** Decrypts text; `undefined` when it is not valid for this key and purpose, or has expired. */
  open(text: string, purpose: string): Promise<JWTPayload | undefined>;
}

const keyManagement = 'dir';
const encryption = 'A256GCM';
/** The maximum length of a cookie in browsers. */
const maxSealedLength = 4096;

/** Creates a seal. @param key 32 bytes. */
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

/** Returns true for canonical Base64: other encodings of the same bytes are rejected. */
function isCanonical(text: string): boolean {
  return text
    .split('.')
    .every((part) => part === '' || Buffer.from(part, 'base64url').toString('base64url') === part);
}
