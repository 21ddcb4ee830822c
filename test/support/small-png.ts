/** Writes a PNG with few colours, for committed pictures: a quarter of the size that a browser writes. */
import { crc32, deflateSync } from 'node:zlib';

/** RGBA, row by row, from the top. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Rounds colours to steps of 16, far below what `difference` counts as different. Throws if more than 256 colours remain. */
export function smallPng({ width, height, data }: Pixels): Buffer {
  const palette = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const colour = Buffer.from(data.subarray(at, at + 3).map(rounded)).readUIntBE(0, 3);
      if (!palette.has(colour)) palette.set(colour, palette.size);
      rows[y * (width + 1) + 1 + x] = palette.get(colour) ?? 0;
    }
  }
  if (palette.size > 256) throw new Error(`The picture has ${palette.size} colours.`);
  const colours = Buffer.alloc(palette.size * 3);
  for (const [colour, index] of palette) colours.writeUIntBE(colour, index * 3, 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, each an index into the palette (https://www.w3.org/TR/png-3/#11IHDR).
  header.set([8, 3], 8);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const rounded = (value: number) => Math.min(255, Math.round(value / 16) * 16);

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}
