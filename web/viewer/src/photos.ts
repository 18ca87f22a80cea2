// The photos' cameras: where they stand, drawn as pyramids that can be hit.

import { BufferGeometry, Group, LineBasicMaterial, LineSegments, Matrix4, Quaternion, Vector2, Vector3 } from "three";
import type { Camera } from "three";
import { lensOf, type Lens } from "./lens";
import type { Frame, Scene } from "./scene";

/** The page's scene is scaled so that its subject lies this far from the cameras: Spark's thresholds are absolute. */
export const SUBJECT_AT = 4;
const PYRAMID = 0.07 * SUBJECT_AT;
const REACH_PX = 26;

export interface Pose {
  position: Vector3;
  quaternion: Quaternion;
  /** From the eye to what is turned around. */
  distance: number;
  lens: Lens;
}

export interface Colours {
  training: string;
  heldOut: string;
  chosen: string;
}

export class Photos {
  readonly group = new Group();
  readonly poses: Pose[];
  private readonly pyramids: LineSegments[];
  private readonly materials: Record<keyof Colours, LineBasicMaterial>;
  private chosen = -1;

  constructor(
    private readonly scene: Scene,
    scale: number,
    colours: Colours,
  ) {
    const material = (color: string): LineBasicMaterial => new LineBasicMaterial({ color, toneMapped: false });
    this.materials = {
      training: material(colours.training),
      heldOut: material(colours.heldOut),
      chosen: material(colours.chosen),
    };
    const subject = new Vector3(...scene.subject).multiplyScalar(scale);
    this.poses = scene.frames.map((frame) => poseOf(frame, scale, subject));
    this.pyramids = scene.frames.map((_, i) => new LineSegments(pyramid(this.poses[i].lens), this.plain(i)));
    this.pyramids.forEach((lines, i) => {
      lines.position.copy(this.poses[i].position);
      lines.quaternion.copy(this.poses[i].quaternion);
      lines.updateMatrix();
      lines.matrixAutoUpdate = false;
    });
    if (this.pyramids.length > 0) this.group.add(...this.pyramids);
  }

  choose(i: number): void {
    if (this.chosen >= 0) this.pyramids[this.chosen].material = this.plain(this.chosen);
    if (i >= 0) this.pyramids[i].material = this.materials.chosen;
    this.chosen = i;
  }

  /** Hide the pyramids that the eye is inside of: they would frame the view with lines. */
  hideAround(eye: Vector3): void {
    this.pyramids.forEach((lines, i) => (lines.visible = this.poses[i].position.distanceTo(eye) > PYRAMID));
  }

  /** The visible photo whose camera is drawn nearest to a point of the window, within a finger's width; -1 for none. */
  at(x: number, y: number, size: Vector2, camera: Camera): number {
    const [seen, apex] = [new Vector3(), new Vector2()];
    let [best, nearest] = [-1, REACH_PX];
    this.poses.forEach((pose, i) => {
      if (!this.group.visible || !this.pyramids[i].visible) return;
      seen.copy(pose.position).project(camera);
      if (Math.abs(seen.z) > 1) return;
      apex.set((seen.x * 0.5 + 0.5) * size.x, (0.5 - seen.y * 0.5) * size.y);
      const away = Math.hypot(apex.x - x, apex.y - y);
      if (away < nearest) [best, nearest] = [i, away];
    });
    return best;
  }

  private plain(i: number): LineBasicMaterial {
    return this.materials[this.scene.frames[i].heldOut ? "heldOut" : "training"];
  }
}

function poseOf(frame: Frame, scale: number, subject: Vector3): Pose {
  const m = frame.worldFromCam;
  const matrix = new Matrix4().set(m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10], m[11], 0, 0, 0, 1);
  const position = new Vector3();
  const quaternion = new Quaternion();
  matrix.decompose(position, quaternion, new Vector3());
  position.multiplyScalar(scale);
  const forward = new Vector3(0, 0, -1).applyQuaternion(quaternion);
  const ahead = forward.dot(subject.clone().sub(position));
  const distance = Math.min(Math.max(ahead, 0.2 * SUBJECT_AT), 5 * SUBJECT_AT);
  return { position, quaternion, distance, lens: lensOf(frame) };
}

/** Lines from the camera to the corners of its picture, around the picture, and a mark on its upper side. */
function pyramid(lens: Lens): BufferGeometry {
  const depth = PYRAMID / Math.max(1, lens.tanX, lens.tanY);
  const at = (x: number, y: number): Vector3 =>
    new Vector3((lens.right + x * lens.tanX) * depth, (lens.up + y * lens.tanY) * depth, -depth);
  const eye = new Vector3();
  const [a, b, c, d] = [at(-1, 1), at(1, 1), at(1, -1), at(-1, -1)];
  const mark = [at(-0.3, 1.1), at(0, 1.5), at(0, 1.5), at(0.3, 1.1), at(0.3, 1.1), at(-0.3, 1.1)];
  return new BufferGeometry().setFromPoints([eye, a, eye, b, eye, c, eye, d, a, b, b, c, c, d, d, a, ...mark]);
}
