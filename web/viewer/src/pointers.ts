// Fingers and mouse on the canvas, told to the navigator.

import type { Navigator } from "./navigator";

const TAP_PX = 6;
const WHEEL_LINE_PX = 16;

interface Finger {
  x: number;
  y: number;
  pans: boolean;
}

/** Listen to a canvas. One finger turns, two shift and approach; `tapped` hears where it was touched without moving. */
export function listen(canvas: HTMLCanvasElement, navigator: Navigator, tapped: (x: number, y: number) => void): void {
  const fingers = new Map<number, Finger>();
  let travelled = 0;

  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    if (fingers.size === 0) travelled = 0;
    const pans = event.button === 2 || event.button === 1 || event.shiftKey;
    fingers.set(event.pointerId, { x: event.offsetX, y: event.offsetY, pans });
  });
  canvas.addEventListener("pointermove", (event) => {
    const finger = fingers.get(event.pointerId);
    if (finger === undefined) return;
    const { clientWidth: width, clientHeight: height } = canvas;
    const [dx, dy] = [event.offsetX - finger.x, event.offsetY - finger.y];
    travelled += Math.hypot(dx, dy);
    const other = [...fingers].find(([id]) => id !== event.pointerId)?.[1];
    if (other !== undefined) {
      const before = Math.hypot(finger.x - other.x, finger.y - other.y);
      const after = Math.hypot(event.offsetX - other.x, event.offsetY - other.y);
      navigator.pan(dx / 2, dy / 2, width, height);
      if (before > 1 && after > 1) navigator.approach(before / after);
    } else if (finger.pans) navigator.pan(dx, dy, width, height);
    else if (travelled > TAP_PX) navigator.turn(dx, dy, height);
    [finger.x, finger.y] = [event.offsetX, event.offsetY];
  });
  const lift = (event: PointerEvent): void => {
    if (!fingers.delete(event.pointerId) || event.type === "pointercancel") return;
    if (fingers.size === 0 && travelled <= TAP_PX) tapped(event.offsetX, event.offsetY);
  };
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? event.deltaY * WHEEL_LINE_PX : event.deltaY;
      navigator.approach(Math.exp(Math.min(Math.max(pixels, -200), 200) * 0.0015));
    },
    { passive: false },
  );
}
