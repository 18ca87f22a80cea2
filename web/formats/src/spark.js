// Spark: PLY, compressed PLY, SPZ, SOG and .splat.

import { SparkRenderer, SplatMesh } from "@sparkjsdev/spark";
import { PerspectiveCamera, Scene, WebGLRenderer } from "three";
import { bytesOf, nextFrame, place } from "./camera.js";

const canvas = document.getElementById("view");
const renderer = new WebGLRenderer({ canvas, antialias: false });
renderer.setSize(innerWidth, innerHeight, false);
renderer.setClearColor(0x000000, 1);
const camera = new PerspectiveCamera();
const scene = new Scene();
// The numbers of our renderer: dilation without compensation, the faintest pixel, the order of z-depth, full precision between.
const OURS = {
  preBlurAmount: 0.3,
  blurAmount: 0,
  minAlpha: 1 / 255,
  maxStdDev: Math.sqrt(2 * Math.log(255)),
  sortRadial: false,
  accumExtSplats: true,
};
let spark;
let mesh;

window.viewer = {
  name: VIEWER,
  endings: [".ply", ".compressed.ply", ".spz", ".sog", ".splat"],
  /** Show a file; `matched` asks for our renderer's numbers by the viewer's own settings, else it is as it comes. */
  async load(fileName, base64, matched) {
    spark = new SparkRenderer({ renderer, enableLod: false, preUpdate: true, ...(matched ? OURS : {}) });
    mesh = new SplatMesh({ fileBytes: bytesOf(base64), fileName });
    await mesh.initialized;
    scene.add(spark, mesh);
    return { gaussians: mesh.splats.getNumSplats(), worldFromFile: mesh.matrixWorld.clone().transpose().toArray() };
  },
  async show(photo) {
    place(camera, photo);
    // Until some frames in a row were drawn in an order that was there before.
    for (let drawn = 0; drawn < 3; ) {
      renderer.render(scene, camera);
      const ready = !spark.sorting && !spark.sortDirty && !spark.dirty;
      drawn = ready ? drawn + 1 : 0;
      await nextFrame();
    }
  },
};
