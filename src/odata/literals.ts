/**
 * Literals, kept as text. A number is not converted: `9007199254740993` must reach the model with every digit.
 *
 *     stringLiteral   = SQUOTE *( SQUOTE SQUOTE / any other character ) SQUOTE
 *     decimalLiteral  = [ "+" / "-" ] 1*DIGIT [ "." 1*DIGIT ] [ "e" [ "+" / "-" ] 1*DIGIT ] / "NaN" / "-INF" / "INF"
 *     guid            = 8HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 12HEXDIG
 *     date            = [ "-" ] year "-" month "-" day
 *     timeOfDay       = hour ":" minute [ ":" second [ "." 1*12DIGIT ] ]
 *     dateTimeOffset  = date "T" timeOfDay ( "Z" / ( "+" / "-" ) hour ":" minute )
 *     durationLiteral = "duration" SQUOTE [ "-" ] "P" [ 1*DIGIT "D" ] [ "T" … ] SQUOTE
 *     binaryLiteral   = "binary" SQUOTE base64url SQUOTE
 *     geoLiteral      = ( "geography" / "geometry" ) SQUOTE "SRID=" 1*5DIGIT ";" shape SQUOTE
 *     enumLiteral     = qualifiedName SQUOTE member *( "," member ) SQUOTE
 *
 * @see OData 4.01 ABNF, section 7 (Literal Data Values)
 */
import {
  continuesName,
  isDigit,
  peek,
  problemAt,
  type Reader,
  syntaxError,
  take,
  takeMatch,
  takeName,
} from './lexer.ts';
import { takeSpatialValue } from './spatial.ts';
import type { EnumLiteral, Literal, LiteralType } from './tree.ts';

const date = String.raw`-?(?:0\d{3}|[1-9]\d{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const hourMinute = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const time = String.raw`${hourMinute}(?::(?:[0-5]\d|60)(?:\.\d{1,12})?)?`;

const datePattern = new RegExp(date, 'y');
const dateTimeOffsetPattern = new RegExp(`${date}T${time}(?:Z|[+-]${hourMinute})`, 'iy');
const timePattern = new RegExp(time, 'y');
const guidPattern = /[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12}/iy;
const numberPattern = /[+-]?\d+(\.\d+)?(e[+-]?\d+)?/iy;
// XML Schema's dayTimeDuration: at least one component, and one after a T.
const durationPattern = /-?P(?=[\dT])(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?(?=')/iy;
const binaryPattern = /(?:[\w-]{4})*(?:[\w-]{2}[AEIMQUYcgkosw048]=?|[\w-][AQgw](?:==)?)?(?=')/y;
const enumValuePattern = /[+-]?\d+/y;

const words: ReadonlyMap<string, Literal> = new Map<string, Literal>([
  ['null', { kind: 'literal', type: 'null', text: 'null' }],
  ['INF', { kind: 'literal', type: 'double', text: 'INF' }],
  ['NaN', { kind: 'literal', type: 'double', text: 'NaN' }],
]);

/** `null`, `INF` and `NaN` as they stand; `true` and `false` whatever their letter case. */
export function wordLiteral(word: string): Literal | undefined {
  const literal = words.get(word);
  if (literal !== undefined || (word.length !== 4 && word.length !== 5)) return literal;
  const text = word.toLowerCase();
  return text === 'true' || text === 'false' ? { kind: 'literal', type: 'boolean', text } : undefined;
}

/** Whether the minus sign that comes next belongs to a literal. */
export function startsNegativeLiteral({ text, position }: Reader): boolean {
  if (isDigit(text.charCodeAt(position + 1))) return true;
  return text.startsWith('-INF', position) && !continuesName(text, position + 4);
}

/** The content of a text in single quotes, unescaped, from its opening quote on. */
export function takeQuoted(reader: Reader): string {
  const { text } = reader;
  const start = reader.position + 1;
  let end = text.indexOf("'", start);
  while (end >= 0 && text.charCodeAt(end + 1) === 39) end = text.indexOf("'", end + 2);
  if (end < 0) throw problemAt(reader, 'There is an unterminated string literal', text.length);
  reader.position = end + 1;
  return text.slice(start, end).replaceAll("''", "'");
}

/** A literal that begins with a digit, a sign and a digit, or as a GUID does. */
export function takeNumberOrDate(reader: Reader): Literal | undefined {
  const { text, position } = reader;
  // The positions of the hyphens tell a GUID from a date or a number before any pattern is tried.
  if (text.charCodeAt(position + 8) === 45 && text.charCodeAt(position + 13) === 45) {
    const guid = takeMatch(reader, guidPattern);
    if (guid !== undefined) return finish(reader, 'guid', guid);
  }
  const first = peek(reader);
  if (!isDigit(first) && ((first !== 45 && first !== 43) || !isDigit(text.charCodeAt(position + 1))))
    return undefined;
  if (text.charCodeAt(position + 2) === 58) {
    const timeOfDay = takeMatch(reader, timePattern);
    if (timeOfDay !== undefined) return finish(reader, 'timeOfDay', timeOfDay);
  }
  const dateTimeOffset = takeMatch(reader, dateTimeOffsetPattern);
  if (dateTimeOffset !== undefined) return finish(reader, 'dateTimeOffset', dateTimeOffset);
  const day = takeMatch(reader, datePattern);
  if (day !== undefined) return finish(reader, 'date', day);
  const number = takeMatch(reader, numberPattern);
  if (number === undefined) return undefined;
  return finish(reader, numberType(number), number);
}

function numberType(text: string): LiteralType {
  if (text.includes('e') || text.includes('E')) return 'double';
  return text.includes('.') ? 'decimal' : 'integer';
}

/** A literal ends where no letter, digit or dot follows. */
function finish(reader: Reader, type: LiteralType, text: string): Literal {
  if (continuesName(reader.text, reader.position)) throw syntaxError(reader);
  return { kind: 'literal', type, text };
}

/** What follows a prefix such as `duration` or an enumeration type's name, from its opening quote on. */
export function takePrefixed(reader: Reader, prefix: string): Literal | EnumLiteral {
  reader.position += 1;
  const start = reader.position;
  const type = prefix.toLowerCase();
  switch (type) {
    case 'duration':
      if (takeMatch(reader, durationPattern) === undefined) throw syntaxError(reader);
      break;
    case 'binary':
      if (takeMatch(reader, binaryPattern) === undefined) throw syntaxError(reader);
      break;
    case 'geography':
    case 'geometry':
      takeSpatialValue(reader);
      break;
    default: {
      const text = takeEnumMembers(reader);
      return { kind: 'enum', type: prefix, text };
    }
  }
  const text = reader.text.slice(start, reader.position);
  closeQuote(reader);
  return { kind: 'literal', type, text };
}

function takeEnumMembers(reader: Reader): string {
  const start = reader.position;
  do {
    if (takeMatch(reader, enumValuePattern) === undefined && takeName(reader) === '')
      throw syntaxError(reader);
  } while (take(reader, ','));
  const text = reader.text.slice(start, reader.position);
  closeQuote(reader);
  return text;
}

function closeQuote(reader: Reader): void {
  if (!take(reader, "'")) throw syntaxError(reader);
}
