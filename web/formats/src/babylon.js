// Babylon.js: all six formats.

import { FreeCamera } from "@babylonjs/core/Cameras/freeCamera.js";
import { Engine } from "@babylonjs/core/Engines/engine.js";
import { ImportMeshAsync } from "@babylonjs/core/Loading/sceneLoader.js";
import { GaussianSplattingMaterial } from "@babylonjs/core/Materials/GaussianSplatting/gaussianSplattingMaterial.js";
import { Color4 } from "@babylonjs/core/Maths/math.color.js";
import { Matrix, Quaternion, Vector3 } from "@babylonjs/core/Maths/math.vector.js";
import { Scene } from "@babylonjs/core/scene.js";
import "@babylonjs/core/Rendering/depthRendererSceneComponent.js";
import "@babylonjs/loaders/glTF/2.0/glTFLoader.js";
import "@babylonjs/loaders/glTF/2.0/Extensions/KHR_gaussian_splatting.js";
import "@babylonjs/loaders/SPLAT/splatFileLoader.js";
import * as fflate from "fflate";
import { FAR, NEAR, bytesOf, nextFrame } from "./camera.js";

const engine = new Engine(document.getElementById("view"), false, { preserveDrawingBuffer: true });
const scene = new Scene(engine);
scene.clearColor = new Color4(0, 0, 0, 1);
const camera = new FreeCamera("photo", Vector3.Zero(), scene);
camera.minZ = NEAR;
camera.maxZ = FAR;
let mesh;

window.viewer = {
  name: VIEWER,
  endings: [".ply", ".compressed.ply", ".spz", ".sog", ".splat", ".glb"],
  async load(fileName, base64, matched) {
    // Its covariances are four times as large, and what is added to them with them: 1.2 is 0.3 square pixels.
    if (matched) GaussianSplattingMaterial.KernelSize = 1.2;
    // Without a network: its own reader of SPZ rather than one that it fetches, and the unzipper that stands here.
    const pluginOptions = { splat: { fflate, spzLibraryUrl: undefined } };
    const { meshes } = await ImportMeshAsync(new File([bytesOf(base64)], fileName), scene, { pluginOptions });
    mesh = meshes.find((one) => one.getClassName() === "GaussianSplattingMesh");
    mesh.computeWorldMatrix(true);
    return { gaussians: mesh.splatCount, worldFromFile: mesh.getWorldMatrix().transpose().asArray().slice() };
  },
  async show({ width, height, fx, fy, cx, cy, fromFile }) {
    // Babylon's vectors are rows, so that its matrices are ours transposed; its axes are x right, y up, z forward.
    const fileFromWorld = mesh.getWorldMatrix().clone().invert();
    const view = fileFromWorld.multiply(Matrix.FromArray(fromFile).transpose()).multiply(Matrix.Scaling(1, -1, 1));
    camera.rotationQuaternion = new Quaternion();
    view.clone().invert().decompose(undefined, camera.rotationQuaternion, camera.position);
    camera.freezeProjectionMatrix(
      Matrix.FromValues(
        (2 * fx) / width, 0, 0, 0,
        0, (2 * fy) / height, 0, 0,
        (2 * cx) / width - 1, 1 - (2 * cy) / height, (FAR + NEAR) / (FAR - NEAR), 1,
        0, 0, (-2 * FAR * NEAR) / (FAR - NEAR), 0,
      ),
    );
    // Until some frames in a row were drawn with shaders, textures and an order that were there before.
    for (let drawn = 0; drawn < 4; ) {
      const ready = scene.isReady() && mesh.isReady(true) && mesh._isDepthSortSettled;
      scene.render();
      drawn = ready ? drawn + 1 : 0;
      await nextFrame();
    }
  },
};
