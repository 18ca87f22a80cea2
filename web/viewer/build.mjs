// Bundle the viewer into the Python package: one script, its style, its page, the licences of what is in it, and digests of
// all that it was made from. Run by `make web`.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const out = join(root, "src/calotype/vision/reporting/viewer");
const common = { bundle: true, minify: true, target: "es2022", legalComments: "none", absWorkingDir: here, logLevel: "warning" };

/** The one piece of the text that the pattern finds, replaced. A Spark that reads otherwise stops the build. */
function replaced(text, pattern, by) {
  const found = text.match(new RegExp(pattern, "g"));
  if (found?.length !== 1) throw new Error(`Spark has changed: ${pattern} is there ${found?.length ?? 0} times`);
  return text.replace(pattern, () => by);
}

/** Spark without its WebAssembly module: decoders of formats, levels of detail and picking, of which the page uses none. */
function withoutWebAssembly(sorter) {
  return {
    name: "spark-without-webassembly",
    setup(build) {
      build.onLoad({ filter: /spark\.module\.js$/ }, ({ path }) => {
        let text = readFileSync(path, "utf8");
        text = replaced(text, /const WASM = decode64\("[A-Za-z0-9+/=]+"\)\.buffer;\n/, "");
        text = replaced(text, /const WASM_MODULE = WebAssembly\.compile\(WASM\);\n/, "const WASM_MODULE = Promise.resolve();\n");
        text = replaced(text, /const initialization = __wbg_init\([\s\S]*?\n\);\n/, "const initialization = Promise.resolve();\n");
        text = replaced(text, /const jsContent = '\(function\(\) \{[^\n]*\n/, `const jsContent = ${JSON.stringify(sorter)};\n`);
        return { contents: text, loader: "js" };
      });
    },
  };
}

/** Name, version and licence of every package that a byte of the bundle comes from, and of what those hold in themselves. */
function licences(inputs) {
  const folders = new Set(Object.keys(inputs).map((input) => input.match(/^node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]));
  folders.delete(undefined);
  folders.add("fflate"); // Spark's module has it inside.
  return [...folders].sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    if (license !== "MIT") throw new Error(`${name} is under ${license}, and not under MIT as before`);
    return `${name} ${version}\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`;
  });
}

function sources(folder = here) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "node_modules" || entry.name.startsWith(".")) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : [path];
  });
}

const sha256 = (path) => createHash("sha256").update(readFileSync(path)).digest("hex");

const worker = await esbuild.build({ ...common, entryPoints: ["src/sorter.ts"], format: "iife", write: false });
const bundle = await esbuild.build({
  ...common,
  entryPoints: ["src/main.ts"],
  format: "iife",
  write: false,
  metafile: true,
  outfile: "viewer.js",
  plugins: [withoutWebAssembly(worker.outputFiles[0].text.trim())],
});
const style = await esbuild.build({ ...common, entryPoints: ["viewer.css"], write: false });

const notice = licences(bundle.metafile.inputs).join(`\n${"-".repeat(80)}\n\n`);
const script = `/*!\nCalotype's splat viewer, Apache-2.0. It holds:\n\n${notice}*/\n${bundle.outputFiles[0].text}`;
if (/<\/script|<!--/i.test(script)) throw new Error("the script would end the element that it stands in");

const built = {
  "viewer.js": script,
  "viewer.css": style.outputFiles[0].text,
  "viewer.html": readFileSync(join(here, "viewer.html"), "utf8"),
  "LICENSES.txt": `The viewer's script holds these packages.\n\n${notice}`,
};
mkdirSync(out, { recursive: true });
for (const [name, text] of Object.entries(built)) writeFileSync(join(out, name), text);
const known = [...sources(), ...Object.keys(built).map((name) => join(out, name))].map((path) => relative(root, path)).sort();
writeFileSync(join(out, "digests.txt"), known.map((path) => `${sha256(join(root, path))}  ${path}\n`).join(""));
console.log(`${relative(root, out)}: ${Math.round(script.length / 1000)} kB of script`);
