/** A sign-in in progress, in the browser's short-lived cookie. The authority's answer is valid only together with it. */
import type { Seal } from './seal.ts';

export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  /** Where the browser goes afterwards. */
  readonly returnPath: string;
}

export const attemptSeconds = 600;
const purpose = 'sign-in';

export function formatAttempt(attempt: Attempt, seal: Seal, nowMs: number): Promise<string> {
  return seal.close({ ...attempt }, purpose, nowMs + attemptSeconds * 1000);
}

export async function parseAttempt(text: string, seal: Seal): Promise<Attempt | undefined> {
  const content = await seal.open(text, purpose);
  return content as Attempt | undefined; // only formatAttempt seals for this purpose
}
