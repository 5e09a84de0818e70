/** Guards cells of tables against formulas, for every export and for tables that the page copies (OWASP, "CSV Injection"). */

/** Matches a line that begins like a formula, in ASCII or full width, after characters that programs trim or drop. */
const formulaLine =
  /(^|\r\n?|[\n\v\f\u0085\u2028\u2029])(?=[[\s"\p{Cc}\p{Cf}]--[\n\r\v\f\u0085\u2028\u2029]]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/gv;

/**
 * Adds an apostrophe before each line of a text that begins like a formula, and before a text that begins with a tab or
 * a carriage return. Lines inside a quoted text count, because a program that reads the file line by line ignores
 * quotes.
 */
export function guardFormulas(text: string): string {
  const guarded = text.replace(formulaLine, "$1'");
  return /^[\t\r]/.test(guarded) ? `'${guarded}` : guarded;
}
