// The picture itself: three.js draws the cameras, Spark the splat, and only when something has changed.

import { SparkRenderer, SplatMesh, type ExtSplats } from "@sparkjsdev/spark";
import { Color, PerspectiveCamera, Scene as Space, SRGBColorSpace, Vector2, WebGLRenderer } from "three";
import { applyLens } from "./lens";
import type { Navigator } from "./navigator";
import type { Photos } from "./photos";
import type { Scene } from "./scene";

const DILATION = 0.3; // Square pixels that 3DGS adds to every projected covariance.
const ALPHA_MIN = 1 / 255; // Fainter than this, 3DGS leaves a pixel alone.
const SLOW_MS = 90;
const REST_MS = 200; // So long after the last movement the view rests, or as long as a picture takes.
const COARSEST = 0.3;
const MOST_PIXELS_RATIO = 2;

export class Stage {
  readonly camera = new PerspectiveCamera();
  readonly size = new Vector2();
  private readonly renderer: WebGLRenderer;
  private readonly spark: SparkRenderer;
  private readonly space = new Space();
  private asked = false;
  private last = 0;
  private touched = 0;
  private detail = 1;
  private frameMs = 0;
  private sharpening: number | undefined;
  private fast = false;
  private waiting: (() => void)[] = [];

  constructor(
    private readonly canvas: HTMLCanvasElement,
    scene: Scene,
    private readonly photos: Photos,
    private readonly navigator: Navigator,
  ) {
    this.renderer = new WebGLRenderer({ canvas, antialias: false, alpha: false, powerPreference: "high-performance" });
    this.renderer.setClearColor(new Color().setRGB(...scene.background, SRGBColorSpace), 1);
    this.spark = new SparkRenderer({
      renderer: this.renderer,
      onDirty: () => this.ask(),
      // As Calotype trains and renders: dilated, with opacity compensation only where it was trained with it, out to
      // where the faintest pixel lies, in the order of z-depth.
      preBlurAmount: scene.antialiased ? 0 : DILATION,
      blurAmount: scene.antialiased ? DILATION : 0,
      minAlpha: ALPHA_MIN,
      maxStdDev: Math.sqrt(2 * Math.log(255)),
      maxPixelRadius: 4096,
      sortRadial: false,
      accumExtSplats: true,
      enableLod: false,
      preUpdate: true, // So that after a frame it is known whether splats are being sorted for it.
    });
    this.space.add(this.spark, photos.group);
    this.camera.matrixAutoUpdate = false;
    new ResizeObserver(() => this.ask()).observe(canvas);
  }

  async add(splats: ExtSplats, scale: number): Promise<void> {
    const mesh = await new SplatMesh({ splats }).initialized;
    mesh.scale.setScalar(scale);
    this.space.add(mesh);
    this.ask();
  }

  /** Draw soon. */
  ask(): void {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame((now) => this.draw(now));
  }

  /** Draw soon, since the view has moved. */
  moved(): void {
    this.touched = performance.now();
    this.ask();
  }

  hurry(fast: boolean): void {
    this.fast = fast;
  }

  /** When the picture of the present view is there: splats sorted for it and drawn, nothing moving. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.ask();
    });
  }

  private draw(now: number): void {
    this.asked = false;
    const goesOn = this.navigator.advance(Math.min((now - this.last) / 1000, 0.1), this.fast);
    this.last = now;
    // On a slow machine, smaller pictures while the view moves, and one at full size when it rests.
    const rest = Math.max(REST_MS, this.frameMs);
    const moves = goesOn || now - this.touched < rest;
    this.detail = moves ? Math.min(1, Math.max(COARSEST, Math.sqrt(SLOW_MS / this.frameMs))) : 1;
    this.fit();
    this.camera.matrix.compose(this.navigator.position, this.navigator.quaternion, this.camera.scale);
    this.camera.matrixWorldNeedsUpdate = true;
    this.photos.hideAround(this.navigator.position);
    this.renderer.render(this.space, this.camera);
    if (this.detail === 1) this.measure(now);
    const busy = this.spark.sorting || this.spark.sortDirty || this.spark.dirty;
    clearTimeout(this.sharpening);
    if (goesOn) this.ask();
    else if (this.detail < 1) this.sharpening = setTimeout(() => this.ask(), rest);
    else if (!busy) for (const resolve of this.waiting.splice(0)) resolve();
  }

  /** How long a picture at full size takes: the browser calls for the next ones no sooner than it is drawn. */
  private measure(begun: number): void {
    requestAnimationFrame(() =>
      requestAnimationFrame((now) => {
        if (!document.hidden) this.frameMs += 0.3 * (Math.min((now - begun) / 2, 1000) - this.frameMs);
      }),
    );
  }

  private fit(): void {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = Math.min(window.devicePixelRatio, MOST_PIXELS_RATIO) * this.detail;
    const before = this.renderer.getSize(new Vector2());
    if (before.x !== width || before.y !== height) this.renderer.setSize(width, height, false);
    if (this.renderer.getPixelRatio() !== ratio) this.renderer.setPixelRatio(ratio);
    this.size.set(width, height);
    applyLens(this.navigator.lens, width / Math.max(height, 1), this.camera);
  }
}
