/**
 * Literals, kept as text: a time has every digit that the client wrote.
 *
 *     string         = SQUOTE *( SQUOTE SQUOTE / any other character ) SQUOTE
 *     number         = [ "+" / "-" ] 1*DIGIT [ "." 1*DIGIT ] [ "e" [ "+" / "-" ] 1*DIGIT ]
 *                    / "NaN" / "INF"
 *     guid           = 8HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 4HEXDIG "-" 12HEXDIG
 *     date           = [ "-" ] year "-" month "-" day
 *     timeOfDay      = hour ":" minute [ ":" second [ "." 1*12DIGIT ] ]
 *     dateTimeOffset = date "T" timeOfDay ( "Z" / ( "+" / "-" ) hour ":" minute )
 *
 * @see OData 4.01 ABNF, section 7 (Literal Data Values)
 */
import { continuesName, type Reader, syntaxError, takeMatch, takeQuoted } from './lexer.ts';

export interface Literal {
  readonly kind: 'literal';
  /** The type's name in a message: `Edm.String`, or `<null>`. */
  readonly type: string;
  /** The value as the client wrote it, unescaped and without prefix and quotes. */
  readonly text: string;
  /** The whole literal. */
  readonly source: string;
  /** Index of its first character. */
  readonly position: number;
}

const date = String.raw`-?(?:0\d{3}|[1-9]\d{3,})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])`;
const hourMinute = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const time = String.raw`${hourMinute}(?::(?:[0-5]\d|60)(?:\.\d{1,12})?)?`;

/** The first pattern that matches decides the type. */
const shapes: readonly (readonly [type: string, pattern: RegExp])[] = [
  ['Edm.DateTimeOffset', new RegExp(`${date}T${time}(?:Z|[+-]${hourMinute})`, 'iy')],
  ['Edm.Guid', /[\dA-F]{8}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{4}-[\dA-F]{12}/iy],
  ['Edm.Date', new RegExp(date, 'y')],
  ['Edm.TimeOfDay', new RegExp(time, 'y')],
  ['Edm.Double', /[+-]?\d+(?:\.\d+)?e[+-]?\d+/iy],
  ['Edm.Decimal', /[+-]?\d+\.\d+/y],
  ['Edm.Int32', /[+-]?\d+/y],
];

/** Reads a literal whose first characters distinguish it from a name. */
export function takeLiteral(reader: Reader): Literal | undefined {
  const { text, position: start } = reader;
  const first = text.charAt(start);
  if (first === "'") {
    const value = takeQuoted(reader);
    const source = text.slice(start, reader.position);
    return { kind: 'literal', type: 'Edm.String', text: value, source, position: start };
  }
  // A GUID may begin with a letter; the check for its hyphen avoids trying every pattern.
  if (!/[-+\d]/.test(first) && text.charAt(start + 8) !== '-') return undefined;
  for (const [type, pattern] of shapes) {
    const source = takeMatch(reader, pattern);
    if (source === undefined) continue;
    if (continuesName(text, reader.position)) throw syntaxError(reader);
    return { kind: 'literal', type, text: source, source, position: start };
  }
  return undefined;
}

const words: ReadonlyMap<string, string> = new Map([
  ['null', '<null>'],
  ['INF', 'Edm.Double'],
  ['NaN', 'Edm.Double'],
]);

/** Returns the literal of a word: `null`, `INF` and `NaN` in this spelling; `true` and `false` in any letter case. */
export function wordLiteral(word: string, position: number): Literal | undefined {
  const type = words.get(word) ?? (/^(?:true|false)$/i.test(word) ? 'Edm.Boolean' : undefined);
  return type === undefined ? undefined : { kind: 'literal', type, text: word, source: word, position };
}
