/**
 * Parses the `Prefer` header. Malformed and unknown preferences are ignored, never an error; of a repeated preference
 * the first counts (RFC 7240, section 2).
 */
import { type AsOf, formatAsOf, parseAsOf } from './as-of.ts';

export interface Preferences {
  /** Entities per page, at least 1, as the client wrote it: the planner clamps it. */
  readonly maxPageSize: number | undefined;
  readonly includeUnknownEnumMembers: boolean;
  readonly omitNulls: boolean;
  /** The state of a call to read; a preference of Rollcall. */
  readonly asOf: AsOf | undefined;
  /** Which participants a call's list shows; a preference of Rollcall. When absent, the server's option decides. */
  readonly participants: ParticipantsShown | undefined;
}

/** The received list followed by the participants inferred from sessions, or the received list alone. */
type ParticipantsShown = 'reconciled' | 'as-received';

const none: Preferences = {
  maxPageSize: undefined,
  includeUnknownEnumMembers: false,
  omitNulls: false,
  asOf: undefined,
  participants: undefined,
};
/**
 * A token, and its value as a token or a quoted string; parameters after `;` are ignored. Adjacent parts of the pattern
 * match different characters, so each character is read once.
 */
const preference = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"\s*|([^\s;"]+)\s*)?)?(?:;|$)/;

/** Parses the header. @param header As received, every value joined by `, `. */
export function parsePrefer(header: string | undefined): Preferences {
  if (header === undefined) return none;
  let maxPageSize: number | undefined;
  let includeUnknownEnumMembers = false;
  let omitNulls = false;
  let asOf: AsOf | undefined;
  let participants: ParticipantsShown | undefined;
  const seen = new Set<string>();
  for (const item of splitList(header)) {
    const match = preference.exec(item);
    if (!match) continue;
    // OData 4.01 dropped the prefix of 4.0 (section 8.2.8).
    const name = match[1]!.toLowerCase().replace(/^odata\./, '');
    if (seen.has(name)) continue;
    seen.add(name);
    const value = match[2]?.replace(/\\(.)/g, '$1') ?? match[3] ?? '';
    if (name === 'maxpagesize') maxPageSize = /^0*[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined;
    else if (name === 'include-unknown-enum-members') includeUnknownEnumMembers = true;
    else if (name === 'omit-values') omitNulls = value.toLowerCase() === 'nulls';
    else if (name === 'rollcall.as-of') asOf = parseAsOf(value);
    else if (name === 'rollcall.participants') participants = isParticipantsShown(value) ? value : undefined;
  }
  return { maxPageSize, includeUnknownEnumMembers, omitNulls, asOf, participants };
}

function isParticipantsShown(value: string): value is ParticipantsShown {
  return value === 'reconciled' || value === 'as-received';
}

/** Splits at the commas that are not inside a quoted string. */
function splitList(header: string): string[] {
  if (!header.includes('"')) return header.split(',');
  const items: string[] = [];
  let start = 0;
  let quoted = false;
  for (let i = 0; i < header.length; i++) {
    const char = header[i];
    if (char === '"') quoted = !quoted;
    else if (char === '\\' && quoted) i++;
    else if (char === ',' && !quoted) {
      items.push(header.slice(start, i));
      start = i + 1;
    }
  }
  items.push(header.slice(start));
  return items;
}

/** Returns the value of the `Preference-Applied` header; `undefined` when no preference was applied. */
export function formatPreferenceApplied(applied: Preferences): string | undefined {
  const parts: string[] = [];
  if (applied.maxPageSize !== undefined) parts.push(`odata.maxpagesize=${applied.maxPageSize}`);
  if (applied.includeUnknownEnumMembers) parts.push('include-unknown-enum-members');
  if (applied.omitNulls) parts.push('omit-values=nulls');
  if (applied.asOf !== undefined) parts.push(`rollcall.as-of=${formatAsOf(applied.asOf)}`);
  if (applied.participants !== undefined) parts.push(`rollcall.participants=${applied.participants}`);
  return parts.length === 0 ? undefined : parts.join(', ');
}
