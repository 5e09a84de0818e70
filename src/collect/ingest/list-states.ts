/**
 * Groups saved pages of a call's list. A saved page contains neither its version nor its position, and two last pages
 * belong to two states of the list, which are never mixed (docs/decisions/0038-states-of-a-list-in-files.md).
 */
import { basename, dirname, extname } from 'node:path';

/** The file and line of a value, and the file's modification time. */
interface Place {
  readonly file: string;
  readonly line: number;
  readonly timeMs: number | undefined;
}

/** The properties of a page that determine its group. */
export interface PlacedPage extends Place {
  readonly last: boolean;
  readonly nextLink: string | undefined;
  /** Equal for pages with the same entries. */
  readonly contents: string;
  readonly count: number;
}

/** A record of the same call. */
export interface PlacedRecord extends Place {
  readonly version: bigint | undefined;
}

export interface ListState<Page> {
  /** The pages in order. */
  readonly pages: readonly Page[];
  /** `undefined` when it cannot be determined. */
  readonly version: bigint | undefined;
  /** True when its last page is present and no earlier one is known to be missing. */
  readonly complete: boolean;
}

/**
 * Groups pages into states.
 *
 * @param pages In the order they were read.
 * @param records Records of the call, in the order they were read.
 * @returns The states, oldest first.
 */
export function listStates<Page extends PlacedPage>(
  pages: readonly Page[],
  records: readonly PlacedRecord[],
): readonly ListState<Page>[] {
  const apart = [...Map.groupBy(pages, ({ file }) => versionToken(file) ?? '').values()];
  const groups = withoutRepeats(apart.flatMap((group) => divided(group)));
  return groups
    .map((group) => ({ group, at: Math.max(...group.map(({ timeMs }) => timeMs ?? 0)) }))
    .sort((a, b) => a.at - b.at) // stable: states of one time keep their order
    .map(({ group }) => ({ ...ordered(group), version: versionOfState(group, records) }));
}

function divided<Page extends PlacedPage>(pages: readonly Page[]): readonly (readonly Page[])[] {
  if (lastPages(pages) <= 1) return [pages];
  const byFolder = [...Map.groupBy(pages, ({ file }) => dirname(file)).values()];
  if (byFolder.length > 1) return byFolder.flatMap((group) => divided(group));
  const byStem = [...Map.groupBy(pages, ({ file }) => stemOf(file)).values()];
  if (byStem.length > 1 && byStem.every((group) => lastPages(group) === 1)) return byStem;
  return inSequence(pages);
}

/** Divides pages in reading order: a last page ends a state, or begins one when all are read backwards. */
function inSequence<Page extends PlacedPage>(pages: readonly Page[]): readonly (readonly Page[])[] {
  const isBackwards = pages[0]?.last === true && pages.at(-1)?.last === false;
  const groups: Page[][] = [];
  let group: Page[] | undefined;
  for (const page of pages) {
    if (group === undefined || (isBackwards && page.last)) groups.push((group = []));
    group.push(page);
    if (page.last && !isBackwards) group = undefined;
  }
  return groups;
}

/** Removes states whose pages are all in another one: files may be saved twice under different names. */
function withoutRepeats<Page extends PlacedPage>(
  groups: readonly (readonly Page[])[],
): readonly (readonly Page[])[] {
  const contents = groups.map((group) => new Set(group.map((page) => page.contents)));
  return groups.filter(
    (group, i) =>
      !groups.some(
        (other, j) =>
          i !== j &&
          versionToken(other[0]!.file) === versionToken(group[0]!.file) &&
          [...contents[i]!].every((one) => contents[j]!.has(one)) &&
          (contents[i]!.size < contents[j]!.size || j < i),
      ),
  );
}

/** Orders pages by their next links when these contain the number of entries before the next page. */
function ordered<Page extends PlacedPage>(pages: readonly Page[]): Omit<ListState<Page>, 'version'> {
  const complete = pages.some(({ last }) => last);
  const asRead = [...pages].sort((a, b) => Number(a.last) - Number(b.last));
  const placed = asRead.map((page) => ({ page, end: page.last ? Infinity : skippedBy(page.nextLink) }));
  if (placed.some(({ end }) => end === undefined)) return { pages: asRead, complete };
  const sorted = placed.map(({ page, end }) => ({ page, end: end ?? 0 })).sort((a, b) => a.end - b.end);
  let before = 0;
  let isWhole = true;
  for (const { page, end } of sorted) {
    if (end !== Infinity && end - page.count > before) isWhole = false;
    before = Math.max(before, end);
  }
  return { pages: sorted.map(({ page }) => page), complete: complete && isWhole };
}

function skippedBy(nextLink: string | undefined): number | undefined {
  const number = /[?&](?:\$|%24)skip=(\d{1,9})(?:&|$)/i.exec(nextLink ?? '')?.[1];
  return number === undefined ? undefined : Number(number);
}

/** Returns the version of the record that was saved with the pages. */
function versionOfState(pages: readonly PlacedPage[], records: readonly PlacedRecord[]): bigint | undefined {
  const { file, line, timeMs } = pages[0]!; // a state has pages
  const known = records.filter(({ version }) => version !== undefined);
  const token = versionToken(file);
  if (token !== undefined) {
    const named = known.filter((record) => versionToken(record.file) === token);
    const beside = named.filter((record) => dirname(record.file) === dirname(file));
    const version = onlyVersion(beside) ?? onlyVersion(named);
    if (version !== undefined) return version;
    // File names contain Graph's version numbers if they do for the known records.
    const isOfGraph = known.some((record) => versionToken(record.file) === String(record.version));
    if (isOfGraph) return BigInt(token);
  }
  const inFile = known.filter((record) => record.file === file);
  const nearest = inFile.findLast((record) => record.line <= line) ?? inFile[0];
  if (nearest !== undefined) return onlyVersion(inFile) ?? nearest.version;
  const inFolder = known.filter((record) => dirname(record.file) === dirname(file));
  const version = onlyVersion(inFolder);
  if (version !== undefined) return version;
  const near = inFolder.length > 0 ? inFolder : known;
  const likeNamed = likest(file, near);
  return onlyVersion(likeNamed) ?? lastBefore(timeMs, near)?.version;
}

/** Returns the last record written before the pages, or the first one after them; none when the times are unknown. */
function lastBefore(timeMs: number | undefined, records: readonly PlacedRecord[]): PlacedRecord | undefined {
  const times = new Set(records.map((record) => record.timeMs));
  if (timeMs === undefined || times.has(undefined) || (records.length > 1 && times.size === 1))
    return undefined;
  const sorted = [...records].sort((a, b) => a.timeMs! - b.timeMs!);
  return sorted.findLast((record) => record.timeMs! <= timeMs) ?? sorted[0];
}

/** Returns the records whose file names share the longest prefix with another. */
function likest(file: string, records: readonly PlacedRecord[]): readonly PlacedRecord[] {
  const shared = records.map((record) => sharedLength(record.file, file));
  const most = Math.max(...shared);
  return records.filter((_, i) => shared[i] === most);
}

function sharedLength(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function onlyVersion(records: readonly PlacedRecord[]): bigint | undefined {
  const versions = new Set(records.map(({ version }) => version));
  return versions.size === 1 ? records[0]!.version : undefined;
}

function lastPages(pages: readonly PlacedPage[]): number {
  return pages.filter(({ last }) => last).length;
}

/** Returns the version in a file name, `2` of `…_sessions_v2.json`; the list name `participants_v2` also ends so. */
function versionToken(file: string): string | undefined {
  const name = basename(file).replace(/participants[-_. ]?v2/i, 'participants');
  const token = /(?:^|[-_. ])v(?:er|ersion)?[-_.]?(\d{1,18})(?=[-_. ]|$)/i.exec(name)?.[1];
  return token === undefined ? undefined : String(BigInt(token));
}

/** Returns a file name without extensions and page number. */
function stemOf(file: string): string {
  let name = file;
  for (let ending = extname(name); /^\.[a-z]{1,6}$/i.test(ending); ending = extname(name))
    name = name.slice(0, -ending.length);
  return name.replace(/[-_. ](?:p|page|part)?[-_. ]?\d{1,9}$/i, '');
}
