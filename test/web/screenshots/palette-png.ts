/**
 * A PNG of at most 256 colours made of one of any: pictures of a page have few, and take a third of the room so.
 *
 * @see https://www.w3.org/TR/png-3/
 */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

interface Picture {
  readonly width: number;
  readonly height: number;
  /** Three bytes a pixel, row by row. */
  readonly pixels: Buffer;
}

/** @param png Of 8 bits a channel without transparency or interlacing, as Chromium writes them. */
export function palettePng(png: Buffer): Buffer {
  const picture = decode(png);
  const { width, height } = picture;
  const { colors, indexes } = quantize(picture);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // 8 bits a pixel, which are an index into the palette
  const rows = Buffer.alloc((width + 1) * height); // each after the number of its filter: 0, none
  for (let y = 0; y < height; y++) indexes.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const palette = Buffer.from(colors.flatMap((color) => [color >> 16, (color >> 8) & 0xff, color & 0xff]));
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function decode(png: Buffer): Picture {
  const [width, height, channels] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25] === 6 ? 4 : 3];
  const data: Buffer[] = [];
  for (let at = signature.length; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      data.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const rows = inflateSync(Buffer.concat(data));
  const stride = width * channels;
  const pixels = Buffer.alloc(width * height * 3);
  let above = Buffer.alloc(stride);
  for (let y = 0; y < height; y++) {
    const filter = rows[y * (stride + 1)]!;
    const row = rows.subarray(y * (stride + 1) + 1, (y + 1) * (stride + 1));
    for (let x = 0; x < stride; x++) {
      const [left, corner] = x < channels ? [0, 0] : [row[x - channels]!, above[x - channels]!];
      row[x] = row[x]! + predicted(filter, left, above[x]!, corner);
    }
    for (let x = 0; x < width; x++) row.copy(pixels, (y * width + x) * 3, x * channels, x * channels + 3);
    above = row;
  }
  return { width, height, pixels };
}

/** Section 9.2: what a filter adds to a byte, of the bytes to its left, above it, and above that on its left. */
function predicted(filter: number, left: number, above: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return above;
    case 3:
      return (left + above) >> 1;
    case 4: {
      const estimate = left + above - corner;
      const [a, b, c] = [left, above, corner].map((one) => Math.abs(estimate - one)) as [
        number,
        number,
        number,
      ];
      return a <= b && a <= c ? left : b <= c ? above : corner;
    }
    default:
      return 0;
  }
}

/** Each colour becomes the nearest of those that are kept: one after the other, whatever is worst without it. */
function quantize({ pixels }: Picture): { colors: readonly number[]; indexes: Buffer } {
  const counts = new Map<number, number>();
  const count = pixels.length / 3;
  for (let i = 0; i < count; i++) {
    const color = pixels.readUIntBE(i * 3, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const all = [...counts].map(([color, times]) => ({ color, times, index: 0, distance: Infinity }));
  const colors: number[] = [];
  while (colors.length < Math.min(256, all.length)) {
    // A large area that is a little off weighs less than a word in another colour.
    const weightOf = ({ distance, times }: (typeof all)[number]) => distance * Math.sqrt(times);
    const { color } = all.reduce((worst, one) => (weightOf(one) > weightOf(worst) ? one : worst));
    for (const one of all) {
      const distance = distanceOf(one.color, color);
      if (distance < one.distance) Object.assign(one, { distance, index: colors.length });
    }
    colors.push(color);
  }
  const indexOf = new Map(all.map(({ color, index }) => [color, index]));
  const indexes = Buffer.alloc(count);
  for (let i = 0; i < count; i++) indexes[i] = indexOf.get(pixels.readUIntBE(i * 3, 3))!; // each was counted
  return { colors, indexes };
}

function distanceOf(a: number, b: number): number {
  return [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 0xff) - ((b >> shift) & 0xff)) ** 2, 0);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(typed));
  return Buffer.concat([length, typed, check]);
}
