/** What may be printed of text that a server sent: words that Rollcall's own pages have, and nothing else. */
import { readFileSync } from 'node:fs';
import { areas } from '../contract/compatibility/matrix.ts';

/** Of errors and headers of Graph, beyond the words of the pages. */
const usual = `a access ago ags already an and any api application argument arguments are at authentication authorization
  authorized available backend bad batch be because been before but by call calls can cannot catch change changes
  clause client code collection conflict connection content context could count current data date day days denied
  denormalized depth diagnostic did directory does duplicate empty encoding end ended entity error errors exceeded
  exception exist exists expand expected expired expression extension failed failure field filter find first for
  forbidden format found from function gateway general get given got graph has have header headers id identifier in
  inner innererror instance internal invalid is it item items its json key keys length less level limit link list
  literal location long malformed many maximum me message method metadata minimum missing more most ms must name
  named navigation negative next no non not null number object occurred odata of offered on one only operation
  operator option options or order orderby other out page parameter parameters parse parsed parsing path permission
  permissions please position possible prefer preference privileges processing properties property provided query
  range reason record records reference refused request requested requests required resource result results retry
  root scope search segment select server service session sessions set should size skip skiptoken specified start
  started status string subscription subscriptions such support supported syntax target tenant than that the their
  there this time to token too top type types unable unauthorized unexpected unit unknown unsupported until url use
  used user using valid validation value values version was were when while which with within without x you your
  cache control request allow origin vary etag age modified last retry after warning www authenticate preference
  applied private public correlation throttle percentage information cross robots frame security policy sts server
  ServerInfo charset utf application text html xml plain streaming true false minimal full none compatible IEEE754`;
/** Words that stand with a capital inside a sentence. */
const proper =
  'Edm OData Graph GUID Guid JSON HTTP HTTPS URL URI UTC ISO Microsoft Teams GET POST HEAD OPTIONS ID';

const messages = areas.flatMap(({ rows }) => rows).flatMap(({ message = '', code = '' }) => [message, code]);
const pages = ['errors', 'compatibility'].map((name) =>
  readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8'),
);
const wordForm = /[\p{L}\p{M}\p{N}_]+/gu;
const wordsIn = (text: string): readonly string[] => text.match(wordForm) ?? [];
const known = new Set(
  [usual, proper, ...messages, ...pages].flatMap((text) => wordsIn(text).flatMap((word) => partsOf(word))),
);
const exact = new Set([proper, ...messages].flatMap((text) => wordsIn(text)));

/** `innerError` and `Request_BadRequest` by their words, in small letters. */
function partsOf(word: string): string[] {
  return word
    .split(/(?<=[\p{Ll}\d])(?=\p{Lu})|_/u)
    .filter((part) => part !== '')
    .map((part) => part.toLowerCase());
}

const longest = 600;

/** @param said Text of our own, such as the request: its words and numbers may be printed too. */
export function masked(text: string, said = ''): string {
  const ours = new Set(wordsIn(said));
  return text
    .slice(0, longest)
    .split(/(?<=\s)/)
    .map((piece, i, pieces) => {
      if (said.includes(piece.trim())) return piece;
      return maskedPiece(piece, i === 0 || /[.:!?]\s$/.test(pieces[i - 1]!), ours);
    })
    .join('');
}

/** `begins` says that the piece begins a sentence. */
function maskedPiece(piece: string, begins: boolean, ours: ReadonlySet<string>): string {
  if (/\w@\w|:\/\//.test(piece)) return piece.replace(/\S+/, '{address}');
  return piece
    .replace(/[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}/gi, '{guid}')
    .replace(/\d{4}-\d\d-\d\d(?:T[\d:.]+Z?)?/g, '{time}')
    .replace(/\{(?:guid|time)\}|[\p{L}\p{M}\p{N}_]+/gu, (word) =>
      word.startsWith('{') || maySay(word, begins, ours) ? word : '{…}',
    );
}

function maySay(word: string, begins: boolean, ours: ReadonlySet<string>): boolean {
  if (ours.has(word)) return true;
  // A number may be part of a phone number.
  if (/^\d+$/.test(word)) return word === '8'; // of utf-8
  if (exact.has(word)) return true;
  const parts = partsOf(word);
  // A name that is a word too, such as Mark.
  if (!begins && parts.length === 1 && /^\p{Lu}/u.test(word)) return false;
  return parts.every((part) => known.has(part));
}
