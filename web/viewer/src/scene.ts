// What a page carries: the splat as SPZ, and what stands beside it as JSON.

/** A photo's camera. Axes are OpenGL's in both frames: +X right, +Y up, +Z backward; the page is written that way. */
export interface Frame {
  name: string;
  heldOut: boolean;
  /** Pixels. */
  width: number;
  height: number;
  fx: number;
  fy: number;
  cx: number;
  cy: number;
  /** 3x4, row by row. */
  worldFromCam: number[];
}

export interface Scene {
  title: string;
  /** What the page leaves out of the splat, in words; empty if nothing. */
  note: string;
  /** sRGB, 0 to 1. */
  background: [number, number, number];
  /** Whether the splat was trained with opacity compensation. */
  antialiased: boolean;
  /** Unit vector, world. */
  up: [number, number, number];
  /** The point that the photos look at, world. */
  subject: [number, number, number];
  /** Distance from the subject to the cameras. */
  reach: number;
  /** The frame that is shown first; -1 where there are no frames. */
  start: number;
  frames: Frame[];
}

function element(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

export function sceneOfPage(): Scene {
  return JSON.parse(element("scene").textContent ?? "") as Scene;
}

/** The bytes of the SPZ file. The page lets go of its text, which would otherwise stay in memory beside them. */
export function splatOfPage(): Uint8Array {
  const holder = element("splat");
  const letters = atob((holder.textContent ?? "").trim());
  holder.remove();
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
