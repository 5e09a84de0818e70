/**
 * Removes the characters from the end of a text. `/\/+$/` would do the same in quadratic time: it looks for
 * the end again from each character of a run that does not end the text.
 *
 * @param characters Each of them is removed, in any order.
 */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
