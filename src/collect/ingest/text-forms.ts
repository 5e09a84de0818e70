/** Recognizes text that is not JSON, as common tools write it. */

/** The form of a text, and how to import it. */
export interface NamedForm {
  readonly reason: string;
  readonly next: string;
  /** True when every line of the file has the form. */
  readonly isOfFile?: boolean;
}

/** The number of bytes of a line that are examined. */
const lookedAt = 4096;
const asJson = 'Export the records as JSON Lines: one JSON object a line.';

const forms: readonly (NamedForm & { readonly pattern: RegExp })[] = [
  {
    pattern: /^\s*(?:#< CLIXML|<Objs\b)/,
    reason: "This is XML of PowerShell's Export-Clixml, not JSON.",
    next: 'Import-Clixml FILE | ConvertTo-Json -Depth 20 writes it as JSON.',
    isOfFile: true,
  },
  {
    pattern: /^\s*<(?:!doctype html|html|head|body|title|meta|h1)\b/i,
    reason: 'This is HTML, not JSON: a page for a browser, such as a sign-in page or an error.',
    next: 'Save the response of the API itself.',
    isOfFile: true,
  },
  { pattern: /^\s*<[?!a-z]/i, reason: 'This is XML, not JSON.', next: asJson, isOfFile: true },
  {
    pattern: /^HTTP\/\d/,
    reason: 'The headers of an HTTP response precede its body.',
    next: 'Save only the body (curl without -i).',
    isOfFile: true,
  },
  {
    pattern: /^#TYPE /,
    reason: "This is CSV of PowerShell's Export-Csv, not JSON.",
    next: 'ConvertTo-Json -Depth 20 writes the objects as JSON.',
    isOfFile: true,
  },
  {
    pattern:
      /^(?!\s*[{["])[^\n]*?\b(?:id|version|startDateTime)\b"?\s*[,;|\t]|^"[A-Za-z]\w*"[\x0a-\x0d \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]*(?:\t|(?:\t\s*)?[,;])\s*"[A-Za-z]/i,
    reason: 'This is CSV (a table), not JSON.',
    next: 'A table does not have the lists of a call. ' + asJson,
    isOfFile: true,
  },
  {
    pattern: /^\s*[A-Za-z]\w*\s+: |^\s*-{2,}\s+-{2,}/,
    reason: 'This is what PowerShell shows on a screen (Format-List, Format-Table), not JSON.',
    next: 'ConvertTo-Json -Depth 20 writes the objects as JSON.',
    isOfFile: true,
  },
  {
    pattern: /^(?:data|event|retry):\s/,
    reason: 'This is a stream of server-sent events, not JSON.',
    next: "Keep only the text after 'data:'.",
  },
  {
    pattern: /^(?:---(?:\s|$)|%YAML|- ?\w+:\s|[A-Za-z]\w*:(?:\s|$))/,
    reason: 'This is YAML, not JSON.',
    next: 'yq -o=json writes it as JSON.',
    isOfFile: true,
  },
  {
    pattern: /^@\{/,
    reason: 'This is how PowerShell shows an object as a string (@{id=…}), not JSON.',
    next: 'ConvertTo-Json -Depth 20 writes the objects as JSON.',
  },
  {
    pattern: /^\u001b\[|^[^"]*\u001b\[\d/,
    reason: 'The text contains terminal colors (ESC [).',
    next: 'Write it without colors (jq -M, NO_COLOR=1).',
  },
  {
    pattern: /^\s*[[{]+\s*'|^\s*\[?\{\s*"[^"]*":\s*(?:None|True|False)\b/,
    reason: "This is how Python shows an object ('…', None, True), not JSON.",
    next: 'json.dumps(…) writes it as JSON.',
  },
  {
    pattern: /^\s*(?:\/\/|\/\*)/,
    reason: 'This is a comment, which JSON does not have.',
    next: 'Remove it.',
  },
  {
    pattern: /^\s*(?:[\w.]+\s*\(|\)\]\}'|(?:var|let|const|export|module\.exports)\b|[\w.]+\s*=\s*[[{])/,
    reason: 'This is JavaScript around JSON, not JSON.',
    next: 'Keep only the value.',
    isOfFile: true,
  },
  {
    pattern: /^\s*[[{]+\s*[A-Za-z_$][\w$]*\s*:/,
    reason: 'The member names have no quotes: this is JavaScript or JSON5, not JSON.',
    next: 'JSON.stringify(…) writes it as JSON.',
  },
];

/** Returns the form of a line that is not JSON, if it is known. */
export function textForm(line: Buffer): NamedForm | undefined {
  const text = line.toString('utf8', 0, lookedAt).trimStart();
  if (isBetween(line, 0x2c)) {
    return {
      reason: 'There are commas between the lines, which is not JSON Lines.',
      next: 'Remove the commas at the ends of the lines, or put the lines in one array: [ … ].',
    };
  }
  const form = forms.find(({ pattern }) => pattern.test(text));
  if (form !== undefined) return form;
  if (!/^[[{]/.test(text) && /[[{]\s*"(?:@odata\.\w+|id|version|value|type|startDateTime)"\s*:/.test(text))
    return {
      reason: 'Other text precedes the JSON on the line, as in the log of a program.',
      next: 'Keep only the JSON: one value per line.',
    };
  return undefined;
}

/** Returns true when a value on the line has a byte before or after it. */
function isBetween(line: Buffer, byte: number): boolean {
  const text = line.subarray(firstOf(line), lastOf(line) + 1);
  const value = text[0] === byte ? text.subarray(1) : text.at(-1) === byte ? text.subarray(0, -1) : undefined;
  if (value === undefined) return false;
  const [first, last] = [value[firstOf(value)], value[lastOf(value)]];
  return value.length === 0 || (first === 0x7b && last === 0x7d) || (first === 0x5b && last === 0x5d);
}

function firstOf(text: Buffer): number {
  return Math.max(
    0,
    text.findIndex((byte) => byte > 0x20),
  );
}

function lastOf(text: Buffer): number {
  return text.findLastIndex((byte) => byte > 0x20);
}
