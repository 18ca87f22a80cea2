// Hand unpacked Gaussians to Spark in its own layout of 32 bytes each, whose positions are float32.

import { ExtSplats } from "@sparkjsdev/spark";
import { Color, Quaternion, Vector3 } from "three";
import { baseColour, logScale, position, rotation, type PackedGaussians } from "./spz";

const SH_C0 = 0.28209479177387814;
const AT_ONCE = 20_000;

type Progress = (share: number) => Promise<void>;

/** The Gaussians as a source of splats; `progress` is awaited now and then, so that the page stays alive. */
export async function toSplats(packed: PackedGaussians, progress: Progress): Promise<ExtSplats> {
  const draft = new ExtSplats();
  const [centre, scales, turn, colour] = [new Vector3(), new Vector3(), new Quaternion(), new Color()];
  const xyzw = [0, 0, 0, 1];
  const extArrays = draft.ensureSplats(packed.count);
  const harmonics = new Harmonics(packed, draft.maxSplats);
  for (let i = 0; i < packed.count; i++) {
    if (i % AT_ONCE === 0) await progress(i / packed.count);
    centre.set(position(packed, 0, i), position(packed, 1, i), position(packed, 2, i));
    scales.set(Math.exp(logScale(packed, 0, i)), Math.exp(logScale(packed, 1, i)), Math.exp(logScale(packed, 2, i)));
    rotation(packed, i, xyzw);
    turn.set(xyzw[0], xyzw[1], xyzw[2], xyzw[3]);
    colour.r = 0.5 + SH_C0 * baseColour(packed, 0, i);
    colour.g = 0.5 + SH_C0 * baseColour(packed, 1, i);
    colour.b = 0.5 + SH_C0 * baseColour(packed, 2, i);
    draft.setSplat(i, centre, scales, turn, packed.alphas[i] / 255, colour);
    harmonics.put(i);
  }
  // Its textures are made from arrays that are there when it is.
  return new ExtSplats({ extArrays, numSplats: packed.count, extra: harmonics.arrays() });
}

/** Spark's arrays of harmonics: coefficients 1 to 4, 5 to 8, 9 to 12 and 13 to 15, a word each. */
class Harmonics {
  private readonly words: Uint32Array[] = [];
  private readonly each: number;

  constructor(
    private readonly packed: PackedGaussians,
    capacity: number,
  ) {
    this.each = packed.shDegree * (packed.shDegree + 2);
    for (let part = 0; part < [0, 1, 2, 4][packed.shDegree]; part++) this.words.push(new Uint32Array(4 * capacity));
  }

  put(i: number): void {
    const bytes = this.packed.harmonics;
    for (let k = 0; k < this.each; k++) {
      const at = 3 * (this.each * i + k);
      const [r, g, b] = [(bytes[at] - 128) / 128, (bytes[at + 1] - 128) / 128, (bytes[at + 2] - 128) / 128];
      this.words[k >> 2][4 * i + (k & 3)] = sharedExponent(r, g, b);
    }
  }

  arrays(): Record<string, Uint32Array> {
    const names = ["sh1", "sh2", "sh3a", "sh3b"];
    return Object.fromEntries(this.words.map((words, part) => [names[part], words]));
  }
}

/** Three sizes of eight bits, five bits of exponent, three of signs: what Spark's `decodeExtRgb` reads. */
function sharedExponent(r: number, g: number, b: number): number {
  const [ar, ag, ab] = [Math.abs(r), Math.abs(g), Math.abs(b)];
  // The scale is that of the power of two above the largest, so that nothing is cut off at the top.
  const exponent = Math.max(0, Math.min(31, Math.ceil(Math.log2(Math.max(ar, ag, ab, 2 ** -15))) + 15));
  const unit = 2 ** (exponent - 15) / 255;
  const signs = (r < 0 ? 1 : 0) | (g < 0 ? 2 : 0) | (b < 0 ? 4 : 0);
  const sizes = Math.round(ar / unit) | (Math.round(ag / unit) << 8) | (Math.round(ab / unit) << 16);
  return (sizes | (((exponent << 3) | signs) << 24)) >>> 0;
}
