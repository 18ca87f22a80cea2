// Moving about: turning around the subject or looking around from where one stands, by mouse, touch and keys.

import { Quaternion, Vector3 } from "three";
import { between, fittedHeight, PLAIN_LENS, type Lens } from "./lens";
import { SUBJECT_AT, type Pose } from "./photos";

export type Mode = "orbit" | "fly";

const JUMP_MS = 450;
const STEEPEST = 0.06; // Radians kept between the view and straight up or down.
const LEVELLING = 0.15; // Share of a photo's tilt that is taken away with each movement.
const SPEED = 0.45 * SUBJECT_AT; // Units a second.
const ARROWS: Record<string, [number, number, number]> = {
  KeyW: [0, 0, 1], KeyS: [0, 0, -1], KeyA: [-1, 0, 0], KeyD: [1, 0, 0], KeyE: [0, 1, 0], KeyQ: [0, -1, 0],
  ArrowUp: [0, 0, 1], ArrowDown: [0, 0, -1], ArrowLeft: [-1, 0, 0], ArrowRight: [1, 0, 0],
}; // prettier-ignore

export class Navigator {
  mode: Mode = "orbit";
  readonly position = new Vector3(0, 0, SUBJECT_AT);
  readonly quaternion = new Quaternion();
  lens: Lens = PLAIN_LENS;
  private distance = SUBJECT_AT;
  private jump: { from: Pose; to: Pose; begun: number } | null = null;
  private readonly held = new Set<string>();

  constructor(
    private readonly up: Vector3,
    /** Told of each change of the view, and whether a hand made it. */
    private readonly moved: (byHand: boolean) => void,
  ) {}

  /** Go to a pose, on the way if `slowly`. */
  place(pose: Pose, slowly: boolean): void {
    if (slowly) this.jump = { from: this.pose(), to: pose, begun: performance.now() };
    else this.become(pose);
    this.moved(false);
  }

  /** Turn by pixels, around the subject or on the spot. */
  turn(dx: number, dy: number, height: number): void {
    this.jump = null;
    const pivot = this.pivot();
    const perPixel = this.mode === "orbit" ? -Math.PI / height : (2 * Math.atan(this.lens.tanY)) / height;
    const steep = this.forward().angleTo(this.up);
    const pitch = Math.min(Math.max(steep - dy * perPixel, STEEPEST), Math.PI - STEEPEST) - steep;
    this.quaternion.premultiply(new Quaternion().setFromAxisAngle(this.up, dx * perPixel));
    this.quaternion.multiply(new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), -pitch));
    this.level();
    if (this.mode === "orbit") this.position.copy(pivot).addScaledVector(this.forward(), -this.distance);
    this.moved(true);
  }

  /** Shift sideways by pixels, as if the subject were held. */
  pan(dx: number, dy: number, width: number, height: number): void {
    this.jump = null;
    const perPixel = (2 * fittedHeight(this.lens, width / height) * this.distance) / height;
    this.position.addScaledVector(this.axis(1, 0, 0), -dx * perPixel);
    this.position.addScaledVector(this.axis(0, 1, 0), dy * perPixel);
    this.moved(true);
  }

  /** Come nearer (factor below 1) or go away. */
  approach(factor: number): void {
    this.jump = null;
    const nearer = Math.min(Math.max(this.distance * factor, 0.02 * SUBJECT_AT), 50 * SUBJECT_AT);
    this.position.addScaledVector(this.forward(), this.distance - nearer);
    if (this.mode === "orbit") this.distance = nearer;
    this.moved(true);
  }

  press(code: string): boolean {
    if (!(code in ARROWS)) return false;
    this.held.add(code);
    this.moved(true);
    return true;
  }

  release(code?: string): void {
    if (code === undefined) this.held.clear();
    else this.held.delete(code);
  }

  /** Carry on with a jump or with held keys, by some seconds; whether anything moves. */
  advance(seconds: number, fast: boolean): boolean {
    const jump = this.jump;
    if (jump !== null) {
      const share = Math.min((performance.now() - jump.begun) / JUMP_MS, 1);
      this.become(betweenPoses(jump.from, jump.to, share * share * (3 - 2 * share)));
      if (share < 1) this.jump = jump;
      return true;
    }
    for (const code of this.held) {
      const [x, y, z] = ARROWS[code];
      const step = SPEED * seconds * (fast ? 3 : 1);
      this.position.addScaledVector(this.axis(x, 0, -z), step).addScaledVector(this.up, y * step);
    }
    return this.held.size > 0;
  }

  private pose(): Pose {
    const { position, quaternion, distance, lens } = this;
    return { position: position.clone(), quaternion: quaternion.clone(), distance, lens };
  }

  private become(pose: Pose): void {
    this.jump = null;
    this.position.copy(pose.position);
    this.quaternion.copy(pose.quaternion);
    this.distance = pose.distance;
    this.lens = pose.lens;
  }

  private axis(x: number, y: number, z: number): Vector3 {
    return new Vector3(x, y, z).applyQuaternion(this.quaternion);
  }

  private forward(): Vector3 {
    return this.axis(0, 0, -1);
  }

  private pivot(): Vector3 {
    return this.position.clone().addScaledVector(this.forward(), this.distance);
  }

  private level(): void {
    const forward = this.forward();
    const right = this.axis(1, 0, 0);
    const level = new Vector3().crossVectors(forward, this.up).normalize();
    const tilt = Math.atan2(new Vector3().crossVectors(right, level).dot(forward), right.dot(level));
    this.quaternion.premultiply(new Quaternion().setFromAxisAngle(forward, LEVELLING * tilt)).normalize();
  }
}

function betweenPoses(a: Pose, b: Pose, share: number): Pose {
  return {
    position: a.position.clone().lerp(b.position, share),
    quaternion: a.quaternion.clone().slerp(b.quaternion, share),
    distance: a.distance + share * (b.distance - a.distance),
    lens: between(a.lens, b.lens, share),
  };
}
