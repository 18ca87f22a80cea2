// One page for each viewer, into a folder that is thrown away: `node build.mjs FOLDER`. Called by docs/format_pictures.py.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const out = process.argv[2];
const version = (name) => JSON.parse(readFileSync(join(here, "node_modules", name, "package.json"), "utf8")).version;
// `src/NAME.js` drives the package NAME, under the name that people know it by.
const viewers = { spark: ["Spark", "@sparkjsdev/spark"], babylon: ["Babylon.js", "@babylonjs/loaders"], three: ["three.js", "three"] };

mkdirSync(out, { recursive: true });
for (const [file, [name, source]] of Object.entries(viewers)) {
  // Spark leaves three.js to its caller; three.js's own splats want the build of it that has WebGPU, and falls back to WebGL.
  await esbuild.build({
    absWorkingDir: here, entryPoints: [`src/${file}.js`], outfile: join(out, `${file}.js`), bundle: true, minify: true,
    format: "esm", target: "es2022", legalComments: "none", logLevel: "error", supported: { "top-level-await": true },
    define: { VIEWER: JSON.stringify(`${name} ${version(source)}`) },
  });
  const script = readFileSync(join(out, `${file}.js`), "utf8").replaceAll("</script", "<\\/script");
  writeFileSync(join(out, `${file}.html`), `${readFileSync(join(here, "page.html"), "utf8")}<script type="module">${script}</script>\n`);
}
