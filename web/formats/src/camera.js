// A photo's camera in the terms of three.js. Cameras come as OpenCV has them: x right, y down, z forward, in the file's own axes.

import { Matrix4 } from "three";

export const NEAR = 0.01;
export const FAR = 2000;

export const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** Put a camera where the photo's was. `fromFile` is a row-major 4x4 from the file's axes to the camera's. */
export function place(camera, { width, height, fx, fy, cx, cy, fromFile }) {
  const view = new Matrix4().makeScale(1, -1, -1).multiply(new Matrix4().set(...fromFile));
  camera.matrixAutoUpdate = false;
  camera.matrix.copy(view).invert();
  camera.matrixWorldNeedsUpdate = true;
  camera.updateMatrixWorld(true);
  const side = (pixels, focal) => (pixels / focal) * NEAR;
  camera.projectionMatrix.makePerspective(
    side(-cx, fx), side(width - cx, fx), side(cy, fy), side(cy - height, fy), NEAR, FAR, camera.coordinateSystem,
  );
  camera.projectionMatrixInverse.copy(camera.projectionMatrix).invert();
}

export const nextFrame = () => new Promise((resolve) => requestAnimationFrame(resolve));
