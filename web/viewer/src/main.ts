// The splat viewer of a page: everything it shows is in the page itself.

import { Vector3 } from "three";
import { Navigator } from "./navigator";
import { Panel, showFailure, showProgress } from "./panel";
import { Photos, SUBJECT_AT, type Pose } from "./photos";
import { listen } from "./pointers";
import { sceneOfPage, splatOfPage, type Scene } from "./scene";
import { toSplats } from "./splats";
import { gunzip, unpackSpz } from "./spz";
import { Stage } from "./stage";

/** What the page tells scripts and tests about itself. */
interface Door {
  /** Settled when the splat is shown, or when it is sure that it will not be. */
  ready: Promise<void>;
  loaded: boolean;
  gaussians: number;
  /** Go to a photo's pose at once. */
  show(photo: number): void;
  settled(): Promise<void>;
}

declare global {
  interface Window {
    calotype: Partial<Door>;
  }
}

const NO_WEBGL2 =
  "This browser shows no WebGL 2, which the viewer needs. Switch hardware acceleration on in its settings, " +
  "or open this page in a current Firefox, Chrome, Edge or Safari. The splat's PLY file opens in other viewers.";

const DAMAGED = "The splat in this file is damaged. Copy the file again from where it was made.";

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function load(): Promise<{ scene: Scene; splats: Awaited<ReturnType<typeof toSplats>> }> {
  showProgress(0, "Reading");
  await rest();
  const scene = sceneOfPage();
  const packed = unpackSpz(await gunzip(splatOfPage()).catch(() => Promise.reject(new Error(DAMAGED))));
  const words = `${packed.count.toLocaleString("en")} Gaussians`;
  const splats = await toSplats(packed, async (share) => {
    showProgress(0.2 + 0.6 * share, words);
    await rest();
  });
  showProgress(0.9, "Sorting");
  return { scene, splats };
}

function hasWebGl2(): boolean {
  try {
    return document.createElement("canvas").getContext("webgl2") !== null;
  } catch {
    return false;
  }
}

function colour(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** When the view is on the screen: the report keeps it folded, and should not wait for what nobody has asked for. */
function onScreen(canvas: HTMLCanvasElement): Promise<void> {
  return new Promise((resolve) => {
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(canvas);
  });
}

async function start(): Promise<void> {
  const canvas = document.getElementById("view") as HTMLCanvasElement;
  await onScreen(canvas);
  if (!hasWebGl2()) throw new Error(NO_WEBGL2);
  const { scene, splats } = await load();
  const scale = SUBJECT_AT / scene.reach;
  canvas.addEventListener("webglcontextlost", () =>
    showFailure("The browser took the graphics away, most likely for lack of memory. Reload the page."),
  );
  const colours = { training: colour("--training"), heldOut: colour("--held-out"), chosen: colour("--chosen") };
  const photos = new Photos(scene, scale, colours);
  const up = new Vector3(...scene.up).normalize();
  const choose = (photo: number): void => {
    photos.choose(photo);
    panel.choose(photo);
  };
  const navigator = new Navigator(up, (byHand) => {
    if (byHand) choose(-1);
    stage.moved();
  });
  const stage = new Stage(canvas, scene, photos, navigator);
  const home = photos.poses[scene.start] ?? looking(scene, scale, navigator);

  const show = (photo: number, slowly: boolean): void => {
    choose(photo);
    navigator.place(photo < 0 ? home : photos.poses[photo], slowly && !calm);
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const panel = new Panel(scene, {
    show: (photo) => show(photo, true),
    reset: () => show(scene.start, true),
    mode: (mode) => (navigator.mode = mode),
    cameras: (visible) => {
      photos.group.visible = visible;
      stage.ask();
    },
  });
  listen(canvas, navigator, (x, y) => {
    const photo = photos.at(x, y, stage.size, stage.camera);
    if (photo >= 0) show(photo, true);
  });
  listenToKeys(navigator, panel, stage);
  show(scene.start, false);
  await stage.add(splats, scale);
  await stage.settled();
  showProgress(null);
  Object.assign(window.calotype, {
    gaussians: splats.numSplats,
    show: (photo: number) => show(photo, false),
    settled: () => stage.settled(),
    loaded: true,
  });
}

/** Without photos: from in front of the subject. */
function looking(scene: Scene, scale: number, navigator: Navigator): Pose {
  const { quaternion, lens } = navigator;
  const position = new Vector3(...scene.subject).multiplyScalar(scale).add(new Vector3(0, 0, SUBJECT_AT));
  return { position, quaternion: quaternion.clone(), distance: SUBJECT_AT, lens };
}

function listenToKeys(navigator: Navigator, panel: Panel, stage: Stage): void {
  window.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
    stage.hurry(event.shiftKey);
    if (navigator.press(event.code) || panel.key(event.code)) event.preventDefault();
  });
  window.addEventListener("keyup", (event) => {
    stage.hurry(event.shiftKey);
    navigator.release(event.code);
  });
  window.addEventListener("blur", () => navigator.release());
}

window.calotype = { loaded: false };
window.calotype.ready = start().catch((error: unknown) => {
  showFailure(error instanceof Error ? error.message : String(error));
  throw error;
});
