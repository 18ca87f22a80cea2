// Read SPZ version 3 (Niantic, github.com/nianticlabs/spz): a gzip stream of quantised Gaussians, one attribute after the other.

const MAGIC = 0x5053474e;
const HEADER_BYTES = 16;
const SMALLEST_THREE_MASK = 511;
const HARMONICS = [0, 3, 8, 15];

export interface PackedGaussians {
  count: number;
  shDegree: number;
  antialiased: boolean;
  /** One 24-bit step of a position. */
  step: number;
  positions: Uint8Array;
  alphas: Uint8Array;
  colours: Uint8Array;
  scales: Uint8Array;
  rotations: Uint8Array;
  /** Coefficient after coefficient, each red, green, blue. */
  harmonics: Uint8Array;
}

export async function gunzip(bytes: Uint8Array): Promise<Uint8Array> {
  const stream = new Blob([bytes as BlobPart]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

export function unpackSpz(raw: Uint8Array): PackedGaussians {
  const header = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  if (raw.length < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) throw new Error("The splat in this file is no SPZ file.");
  const version = header.getUint32(4, true);
  if (version !== 3) throw new Error(`The splat in this file is SPZ version ${version}; this viewer reads version 3.`);
  const count = header.getUint32(8, true);
  const shDegree = header.getUint8(12);
  if (shDegree > 3) throw new Error(`The splat in this file has harmonics of degree ${shDegree}; 0 to 3 are possible.`);
  let at = HEADER_BYTES;
  const next = (bytesEach: number): Uint8Array => raw.subarray(at, (at += bytesEach * count));
  const packed = {
    count,
    shDegree,
    antialiased: (header.getUint8(14) & 1) !== 0,
    step: 2 ** -header.getUint8(13),
    positions: next(9),
    alphas: next(1),
    colours: next(3),
    scales: next(3),
    rotations: next(4),
    harmonics: next(3 * HARMONICS[shDegree]),
  };
  if (at > raw.length) throw new Error("The splat in this file is cut off. Copy the file again from where it was made.");
  return packed;
}

export function position(packed: PackedGaussians, axis: number, i: number): number {
  const at = 9 * i + 3 * axis;
  const bits = packed.positions[at] | (packed.positions[at + 1] << 8) | (packed.positions[at + 2] << 16);
  return ((bits << 8) >> 8) * packed.step;
}

/** Natural logarithm of a standard deviation. */
export function logScale(packed: PackedGaussians, axis: number, i: number): number {
  return packed.scales[3 * i + axis] / 16 - 10;
}

/** Coefficient of degree 0, as in 3DGS. */
export function baseColour(packed: PackedGaussians, channel: number, i: number): number {
  return (packed.colours[3 * i + channel] / 255 - 0.5) / 0.15;
}

/** The largest component is left out, its index in the two highest bits; the others have a sign and nine bits each. */
export function rotation(packed: PackedGaussians, i: number, xyzw: number[]): void {
  const at = 4 * i;
  const bytes = packed.rotations;
  let bits = (bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)) >>> 0;
  const largest = bits >>> 30;
  let squares = 0;
  for (let k = 3; k >= 0; k--) {
    if (k === largest) continue;
    const size = (Math.SQRT1_2 * (bits & SMALLEST_THREE_MASK)) / SMALLEST_THREE_MASK;
    xyzw[k] = bits & 512 ? -size : size;
    squares += size * size;
    bits >>>= 10;
  }
  xyzw[largest] = Math.sqrt(Math.max(0, 1 - squares));
}
