/** Stores a sign-in in progress in a short-lived cookie. The authority's response is valid only together with it. */
import type { Seal } from './seal.ts';

export interface Attempt {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  /** The path to return to after sign-in. */
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
