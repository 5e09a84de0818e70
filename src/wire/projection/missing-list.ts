/**
 * Writes the annotation of a list that was not received; without it, such a list would look empty
 * (docs/decisions/0037-a-list-that-was-not-received.md).
 */
import type { Representation } from '../../query/plan/read-plan.ts';

/**
 * Returns the annotation.
 *
 * @param of Name of the member that holds the list; absent where the list is the body.
 * @returns Text of a member; empty when the list was received, or the client asked for no control information
 */
export function missingAnnotation({ metadata }: Representation, isMissing: boolean, of = ''): string {
  return isMissing && metadata !== 'none' ? `"${of}@rollcall.incomplete":"listMissing"` : '';
}
