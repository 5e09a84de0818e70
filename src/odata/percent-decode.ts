import { Fault } from '../faults.ts';

/** Decodes percent-encoded UTF-8. @throws Fault `malformedRequest` naming where it stands, never the text */
export function percentDecode(text: string, where: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    throw new Fault('malformedRequest', `The percent-encoding in ${where} is broken.`);
  }
}
