// How wide the view is: a photo's lens, fitted so that the whole photo is seen, unless the window is much narrower.

import type { PerspectiveCamera } from "three";
import type { Frame } from "./scene";

const NEAR = 0.01;
const FAR = 2000;
const TALLEST = 1.5;

/** Tangents of half the field of view, and of the angle from the optical axis to the middle of the picture. */
export interface Lens {
  tanX: number;
  tanY: number;
  right: number;
  up: number;
}

export const PLAIN_LENS: Lens = { tanX: 0.6, tanY: 0.45, right: 0, up: 0 };

export function lensOf(frame: Frame): Lens {
  return {
    tanX: frame.width / (2 * frame.fx),
    tanY: frame.height / (2 * frame.fy),
    right: (frame.width / 2 - frame.cx) / frame.fx,
    up: (frame.cy - frame.height / 2) / frame.fy,
  };
}

export function between(a: Lens, b: Lens, share: number): Lens {
  const mix = (x: number, y: number): number => x + share * (y - x);
  return {
    tanX: mix(a.tanX, b.tanX),
    tanY: mix(a.tanY, b.tanY),
    right: mix(a.right, b.right),
    up: mix(a.up, b.up),
  };
}

/** Tangent of half the height of a window of this shape (width over height) that holds the lens's whole picture; on a
 * telephone held upright, the middle of it: the photo would be a strip between what nobody has photographed. */
export function fittedHeight(lens: Lens, shape: number): number {
  return Math.max(lens.tanY, Math.min(lens.tanX / shape, TALLEST * lens.tanY));
}

export function applyLens(lens: Lens, shape: number, camera: PerspectiveCamera): void {
  const y = fittedHeight(lens, shape);
  const x = y * shape;
  const [left, right] = [(lens.right - x) * NEAR, (lens.right + x) * NEAR];
  camera.projectionMatrix.makePerspective(left, right, (lens.up + y) * NEAR, (lens.up - y) * NEAR, NEAR, FAR);
  camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert();
}
