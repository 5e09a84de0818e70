/**
 * Measures how the time to read a text grows with its length, for every entry point of external text. It must be linear:
 * otherwise a client can block a process.
 */

/** An entry point of external text. */
export interface Entrance {
  readonly name: string;
  /** Maximum characters to try: the limit of the entry point, or 64 Ki when absent. */
  readonly most?: number;
  /** Templates around the hostile text, so that the parser reaches it; the text alone when absent. */
  readonly around?: readonly ((text: string) => string)[];
  /** Generates texts by length: many members, deep nesting. */
  readonly made?: readonly ((length: number) => string)[];
  /** Reads the text. It throws only rejections. */
  readonly read: (text: string) => unknown;
}

interface Growth {
  readonly entrance: string;
  /** The first characters of the text, and the repeated unit. */
  readonly text: string;
  /** The lengths in characters, with their times in milliseconds. */
  readonly steps: readonly { readonly length: number; readonly ms: number }[];
}

/** Each is repeated to the requested length. */
const units = [
  ...[
    '(',
    ')',
    "'",
    '"',
    ' ',
    '\t',
    ',',
    ';',
    '=',
    '\\',
    '/',
    '.',
    ':',
    '-',
    '+',
    '@',
    '$',
    '&',
    '*',
    '?',
    '#',
  ],
  ...['a', 'A', '1', '0', '_', '%', '%25', '%27', '%2C', '%28', '[', '{', '<', '|', '!', '~', '^'],
  ...[
    "''",
    "a'",
    "' ",
    '""',
    '\\"',
    '"a" ',
    ' =',
    '= ',
    'a=',
    "a='",
    "a='',",
    'a=1,',
    'a=1&',
    'a;',
    'a, ',
    'a b',
  ],
  ...[
    'a/',
    'a.',
    '.a',
    '1.',
    '1-',
    '-1',
    '()',
    "('",
    "')",
    '((a))',
    ' a eq 1 and ',
    'not ',
    '(not ',
    ' OR ',
    'NOT ',
  ],
  ...[
    'a(',
    'a($expand=',
    '$select=a;',
    "callRecords('",
    'callRecords/',
    '[1,',
    '{"a":',
    '"a":1,',
    '[[',
    '\\u0041',
  ],
  ...[
    '\u00e9',
    '\u0301',
    '\u0301\u0327',
    '\u00a0',
    '\u{1f600}',
    '\ud800',
    '\u0000',
    '\n',
    '\r\n',
    '\n\r',
    '/*',
    '<!--',
  ],
];

/** Builds a text of one unit, or of two that alternate, with an end that makes a parser reject it after reading it all. */
function* shapes(count: number, seed: number): Generator<readonly [string, string]> {
  const ends = ['', '!', "'", ')', '\u0000'];
  for (const unit of units) yield [unit, ends[(units.indexOf(unit) + seed) % ends.length]!];
  let state = seed;
  const next = (of: readonly string[]) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return of[(state >> 8) % of.length]!;
  };
  for (let i = 0; i < count; i++)
    yield [next(units) + next(units) + (i % 2 === 0 ? '' : next(units)), next(ends)];
}

/** Shorter times are not examined: an attacker gains nothing. */
const floorMs = 30;
/** For a text four times as long, linear growth is 4 and quadratic 16; the limit allows for a busy machine. */
const mostGrowth = 9;
/** A longer text is not tried after a time of this length. */
const mostMs = 2000;
const defaultMost = 65_536;

interface GrowthOptions {
  readonly seed: number;
  /** Mixed shapes per entry point, in addition to those of one unit. */
  readonly mixed: number;
  /** Tries every n-th text; each when absent. */
  readonly every?: number;
  readonly signal?: AbortSignal;
  /** The number of findings after which it stops; 5 when absent. */
  readonly enough?: number;
}

/** Returns texts whose time grows faster than their length. */
export async function findGrowth(
  entrances: readonly Entrance[],
  { seed, mixed, every = 1, signal, enough = 5 }: GrowthOptions,
): Promise<{ readonly tried: number; readonly found: readonly Growth[] }> {
  const found: Growth[] = [];
  let tried = 0;
  let made = 0;
  for (const entrance of entrances)
    for (const textOf of textsOf(entrance, seed, mixed)) {
      if (made++ % every !== 0) continue;
      if (signal?.aborted === true || found.length >= enough) return { tried, found };
      tried++;
      const growth = await growthOf(entrance, textOf);
      if (growth !== undefined) found.push(growth);
    }
  return { tried, found };
}

function* textsOf({ around, made = [] }: Entrance, seed: number, mixed: number) {
  yield* made;
  for (const [unit, end] of shapes(mixed, seed))
    for (const put of around ?? [(text: string) => text])
      yield (length: number) => put(unit.repeat(Math.ceil(length / unit.length)) + end);
}

/** Measures from short to long texts, so that fast growth is found before it takes long. */
async function growthOf(
  { name, most = defaultMost, read }: Entrance,
  textOf: (length: number) => string,
): Promise<Growth | undefined> {
  const steps: { length: number; ms: number }[] = [];
  for (let length = most / 256; length <= most; length *= 4) {
    const text = textOf(length);
    steps.push({ length, ms: await leastMs(read, text, 2) });
    const [before, now] = [steps.at(-2), steps.at(-1)!];
    if (before === undefined || now.ms < floorMs || (now.ms < mostMs && now.ms < mostGrowth * before.ms))
      continue;
    // Measures again and takes the minimum: a garbage collection, compilation or a busy machine may have added time.
    for (let round = 0; round < 8 && now.ms >= floorMs && now.ms >= mostGrowth * before.ms; round++)
      now.ms = Math.min(now.ms, await leastMs(read, text, 1));
    if (now.ms >= mostMs || (now.ms >= floorMs && now.ms >= mostGrowth * before.ms))
      return { entrance: name, text: JSON.stringify(textOf(24)), steps };
  }
  return undefined;
}

/** Returns the minimum of several measurements, which excludes other work of the machine. */
async function leastMs(read: Entrance['read'], text: string, times: number): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < times; i++) {
    // A new string, because V8 caches derived data with a string.
    const fresh = `${text} `.slice(0, -1);
    // CPU time of this thread, which other work on the machine does not increase.
    const begun = process.threadCpuUsage();
    try {
      await read(fresh);
    } catch {
      // Rejected, as are most of these texts.
    }
    const { user, system } = process.threadCpuUsage(begun);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}
