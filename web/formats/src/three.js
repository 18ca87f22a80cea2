// What three.js itself has for splats: PLY, SPZ, .splat and glTF.

import { PerspectiveCamera, Scene, WebGPURenderer } from "three/webgpu";
import { GaussianSplatPLYLoader } from "three/addons/loaders/GaussianSplatPLYLoader.js";
import { GLTFGaussianSplatLoaderExtension } from "three/addons/loaders/GLTFGaussianSplatLoaderExtension.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { SPLATLoader } from "three/addons/loaders/SPLATLoader.js";
import { SPZLoader } from "three/addons/loaders/SPZLoader.js";
import { GaussianSplat } from "three/addons/objects/GaussianSplat.js";
import { LinearSRGBColorSpace } from "three";
import { bytesOf, nextFrame, place } from "./camera.js";

const canvas = document.getElementById("view");
const renderer = new WebGPURenderer({ canvas, antialias: false, forceWebGL: true });
const camera = new PerspectiveCamera();
const scene = new Scene();
const parsers = { ply: GaussianSplatPLYLoader, spz: SPZLoader, splat: SPLATLoader };

async function splatsOf(ending, data) {
  if (ending !== "glb") return new GaussianSplat(await new parsers[ending]().parse(data));
  const loader = new GLTFLoader().register((parser) => new GLTFGaussianSplatLoaderExtension(parser));
  return (await loader.parseAsync(data, "")).scene;
}

window.viewer = {
  name: VIEWER,
  endings: [".ply", ".spz", ".splat", ".glb"],
  async load(fileName, base64) {
    await renderer.init();
    renderer.setSize(innerWidth, innerHeight, false);
    renderer.setClearColor(0x000000, 1);
    // Colours of splats are sRGB already.
    renderer.outputColorSpace = LinearSRGBColorSpace;
    const splats = await splatsOf(fileName.split(".").at(-1), bytesOf(base64).buffer);
    scene.add(splats);
    scene.updateMatrixWorld(true);
    let found;
    splats.traverse((one) => (found = one.isGaussianSplat ? one : found));
    return { gaussians: found.splatGeometry.getAttribute("position").count, worldFromFile: found.matrixWorld.clone().transpose().toArray() };
  },
  async show(photo) {
    place(camera, photo);
    for (let frame = 0; frame < 4; frame++) {
      await renderer.renderAsync(scene, camera);
      await nextFrame();
    }
  },
};
