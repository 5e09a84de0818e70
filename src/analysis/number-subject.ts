/** Recognizes a phone number in E.164 form. The last digits of either number may be masked by asterisks. */
import type { MatchCertainty } from './activity.ts';
import type { ActivitySubject } from './activity-subject.ts';
import type { RecordParticipant } from './records.ts';
import { digitsOf } from '../wire/text/fold.ts';

/** At most this many last digits of a stored number are taken to be masked. */
const mostMasked = 4;
const fewestVisible = 6;
const longestDigits = 15;

/** A number with its masked digits as asterisks. */
export interface PhoneNumber {
  /** `+4930123****` */
  readonly text: string;
  /** Digits, then asterisks. */
  readonly marks: string;
}

const form = /^\+?[\d\s().\-/\u00a0]+\**$/;

/** Parses a number in international form, in any usual spelling, with or without plus sign or `tel:`. */
export function parsePhoneNumber(given: string): PhoneNumber | undefined {
  const text = given.normalize('NFKC').split(';', 1)[0]!.trim().replace(/^tel:/i, ''); // at least one part
  if (!form.test(text)) return undefined;
  // `(0)` is the zero that is dialed only at home; `00` is dialed before an international number.
  const marks = text
    .replace('(0)', '')
    .replace(/[^\d*]/g, '')
    .replace(/^00/, '');
  const visible = digitsOf(marks).length;
  return visible < 3 || marks.length > longestDigits ? undefined : { text: `+${marks}`, marks };
}

/** Returns how sure it is that two numbers are the same; `undefined` when they differ. */
export function numberCertainty(one: PhoneNumber, other: PhoneNumber): MatchCertainty | undefined {
  const [a, b] = [one.marks, other.marks];
  if (a.length !== b.length) return undefined;
  let visible = 0;
  for (let i = 0; i < a.length; i++) {
    if (a[i] === '*' || b[i] === '*') continue;
    if (a[i] !== b[i]) return undefined;
    visible++;
  }
  if (visible === a.length) return 'exact';
  return visible >= fewestVisible ? 'likely' : undefined;
}

export function textCertainty(number: PhoneNumber, text: unknown): MatchCertainty | undefined {
  const other = typeof text === 'string' ? parsePhoneNumber(text) : undefined;
  return other && numberCertainty(number, other);
}

export function numberSubject(number: PhoneNumber): ActivitySubject {
  const digits = digitsOf(number.marks);
  const isMasked = digits.length < number.marks.length;
  const part = isMasked ? digits : digits.slice(0, Math.max(fewestVisible, digits.length - mostMasked));
  return {
    search: { number: part },
    spellings: undefined,
    matches: (participant) => participantCertainty(number, participant),
  };
}

function participantCertainty(
  number: PhoneNumber,
  { identity }: RecordParticipant,
): MatchCertainty | undefined {
  let found: MatchCertainty | undefined;
  for (const one of Object.values(identity ?? {})) {
    if (typeof one !== 'object' || one === null) continue;
    const { id, displayName } = one as Readonly<Record<string, unknown>>; // any JSON object
    for (const text of [id, displayName]) {
      const certainty = textCertainty(number, text);
      if (certainty === 'exact') return certainty;
      found ??= certainty;
    }
  }
  return found;
}
