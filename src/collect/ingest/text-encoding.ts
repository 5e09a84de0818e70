/** Converts text in other encodings to UTF-8. */
import { UnreadableFile, unreadableForm } from './file-forms.ts';

/** Enough bytes to recognize a format: the header of a tar archive is the longest. */
const sampleBytes = 512;

/**
 * Passes UTF-8 through, and converts UTF-16 with a byte order mark to UTF-8.
 *
 * @throws UnreadableFile when the first bytes belong to another format
 */
export async function* utf8Of(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let first: Buffer | undefined = Buffer.alloc(0);
  let decoder: Utf16Decoder | undefined;
  for await (const chunk of chunks) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (first !== undefined) {
      if (first.length > 0) bytes = Buffer.concat([first, bytes]);
      first = bytes;
      // Standard input yields each line at once: it waits only for bytes that may be a byte order mark or an archive.
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

/** Decodes UTF-16. A lone surrogate has no UTF-8 form and becomes a JSON escape, so that no text changes. */
class Utf16Decoder {
  readonly #isBigEndian: boolean;
  /** Bytes of a character that continues in the next chunk. */
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

  /** Ends the text. @throws UnreadableFile when it ends in the middle of a character */
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
