/**
 * Removes characters from the end of a text, in linear time. A pattern such as `/\/+$/` takes quadratic time.
 *
 * @param characters The characters to remove, in any order.
 */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
