/** Recognizes file formats that import does not read, by their first bytes. */

/** Thrown for an unreadable file; the message names its format and the next step. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

interface Form {
  readonly offset?: number;
  /** First bytes, as Latin-1. */
  readonly magic: string;
  readonly message: string;
}

const archive = (kind: string) => `This is ${kind}. Unpack it and import the files inside.`;
const data = (kind: string) => `This is ${kind}, not JSON. Export the records from it as JSON Lines.`;
const encoding = (kind: string) =>
  `The text is ${kind}. Save it as UTF-8, or as UTF-16 with a byte order mark.`;

const forms: readonly Form[] = [
  { magic: '\xff\xfe\0\0', message: encoding('UTF-32') },
  { magic: '\0\0\xfe\xff', message: encoding('UTF-32') },
  { magic: '+/v', message: encoding('UTF-7') },
  { magic: 'PK\x03\x04', message: archive('a zip archive (or an Office file, which is one)') },
  { magic: 'PK\x05\x06', message: archive('an empty zip archive') },
  { magic: 'ustar', offset: 257, message: archive('a tar archive') },
  { magic: '7z\xbc\xaf\x27\x1c', message: archive('a 7z archive') },
  { magic: 'Rar!', message: archive('a RAR archive') },
  { magic: 'MSCF', message: archive('a cabinet archive') },
  { magic: '\x1f\x8b', message: 'The file is compressed twice. Decompress it once and import the result.' },
  {
    magic: '\x28\xb5\x2f\xfd',
    message: 'The file is compressed twice. Decompress it once and import the result.',
  },
  { magic: 'BZh', message: archive('compressed with bzip2, and import reads gzip and zstd') },
  { magic: '\xfd7zXZ\0', message: archive('compressed with xz, and import reads gzip and zstd') },
  { magic: '\x04\x22\x4d\x18', message: archive('compressed with lz4, and import reads gzip and zstd') },
  { magic: '\x1f\x9d', message: archive('compressed with compress, and import reads gzip and zstd') },
  { magic: 'PAR1', message: data('a Parquet file') },
  { magic: 'Obj\x01', message: data('an Avro file, as Event Hubs captures them') },
  { magic: 'ORC', message: data('an ORC file') },
  { magic: 'ARROW1', message: data('an Arrow file') },
  { magic: 'SQLite format 3\0', message: data('an SQLite database') },
  { magic: '%PDF', message: data('a PDF') },
  { magic: '\xd0\xcf\x11\xe0', message: data('a file of an old Microsoft Office') },
  { magic: '{\\rtf', message: data('an RTF document') },
];

/** Returns the format of a file with these first bytes, when import cannot read it. */
export function unreadableForm(first: Buffer): string | undefined {
  const text = first.toString('latin1', 0, 512);
  const form = forms.find(({ magic, offset = 0 }) => text.startsWith(magic, offset));
  if (form !== undefined) return form.message;
  if (/^[^\0]\0{3}[^\0]\0{3}/.test(text) || /^\0{3}[^\0]/.test(text))
    return encoding('UTF-32 without a byte order mark');
  if (/^[^\0]\0([^\0]\0|$)/.test(text)) return encoding('UTF-16 (little-endian) without a byte order mark');
  if (/^\0[^\0](\0[^\0]|$)/.test(text)) return encoding('UTF-16 (big-endian) without a byte order mark');
  return undefined;
}
