/** Text in the encodings that tools write, to UTF-8. */
import { UnreadableFile, unreadableForm } from './file-forms.ts';

/** Enough to tell a form by: the head of a tar archive is the longest. */
const sampleBytes = 512;

/**
 * Gives UTF-8 as it comes, and UTF-16 that begins with a byte order mark as UTF-8.
 *
 * @throws UnreadableFile when the first bytes are of a form that is no text of these
 */
export async function* utf8Of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let first: Buffer | undefined = Buffer.alloc(0);
  let decoder: Utf16Decoder | undefined;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (first !== undefined) {
      if (first.length > 0) bytes = Buffer.concat([first, bytes]);
      first = bytes;
      // Standard input gives a line as soon as it is there: only what may be a mark or archive is waited for.
      if (first.length < sampleBytes && first.indexOf(0x0a) < 0) continue;
      first = undefined;
      decoder = decoderOf(bytes);
    }
    yield decoder === undefined ? bytes : decoder.decode(bytes);
  }
  if (first !== undefined && first.length > 0) {
    decoder = decoderOf(first);
    yield decoder === undefined ? first : decoder.decode(first);
  }
  const rest = decoder?.end();
  if (rest !== undefined) yield rest;
}

function decoderOf(first: Buffer): Utf16Decoder | undefined {
  const form = unreadableForm(first);
  if (form !== undefined) throw new UnreadableFile(form);
  if (first[0] === 0xff && first[1] === 0xfe) return new Utf16Decoder(false);
  return first[0] === 0xfe && first[1] === 0xff ? new Utf16Decoder(true) : undefined;
}

/** Decodes UTF-16. Half a surrogate pair has no UTF-8 and becomes the escape that JSON has for it: no text is changed. */
class Utf16Decoder {
  readonly #isBigEndian: boolean;
  /** A byte whose other is in the next chunk, or a character of which one half is. */
  #held = Buffer.alloc(0);

  constructor(isBigEndian: boolean) {
    this.#isBigEndian = isBigEndian;
  }

  decode(chunk: Buffer): Buffer {
    const bytes = Buffer.concat([this.#held, chunk]);
    let end = bytes.length - (bytes.length % 2);
    if (end >= 2 && (bytes[this.#isBigEndian ? end - 2 : end - 1]! & 0xfc) === 0xd8) end -= 2;
    this.#held = bytes.subarray(end);
    const units = bytes.subarray(0, end);
    return utf8((this.#isBigEndian ? units.swap16() : units).toString('utf16le'));
  }

  /** @throws UnreadableFile when the text ends in the middle of a character */
  end(): Buffer | undefined {
    const held = this.#held;
    if (held.length % 2 === 1)
      throw new UnreadableFile('The file ends in the middle of a UTF-16 character: it is truncated.');
    return held.length === 0
      ? undefined
      : utf8((this.#isBigEndian ? held.swap16() : held).toString('utf16le'));
  }
}

function utf8(text: string): Buffer {
  const sound = text.isWellFormed()
    ? text
    : text.replace(/\p{Surrogate}/gu, (half) => `\\u${half.charCodeAt(0).toString(16)}`);
  return Buffer.from(sound);
}
