import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { addonPlace, packagePlace } from "../../src/plots/canvas-place.mjs";
import { digestOf, stampPlace } from "../../src/runtime/built-addon.mjs";
import { compileAddon, haveCompiler } from "./compiler.mjs";
import { aptCommand, aptInstall } from "./debian.mjs";
import { nodeHeaders, ours, root } from "./paths.mjs";
import { attempt, lastLines, run } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const folder = join(root, packagePlace);
const output = join(root, addonPlace);
const stamp = stampPlace(output);

// What canvas's binding.gyp names, without its optional GIF and SVG readers: charts are drawn, and written as PNG and JPEG.
const libraries = ["cairo", "pangocairo", "libpng", "pixman-1", "freetype2", "libjpeg"];
const debianPackages = ["g++", "pkg-config", "libcairo2-dev", "libpango1.0-dev", "libjpeg-dev"];

const inputs = () => digest(readFileSync(join(folder, "package.json"), "utf8"), process.platform, process.arch);

/** The addon of node-canvas, which draws the charts. @type {import("./step.mjs").Step} */
export const canvasAddon = {
  name: "node-canvas addon",
  after: ["Node packages", "node-canvas packages"],
  done() {
    const last = readStamp(stamp);
    return existsSync(output) && last?.inputs === inputs() && last.addon === digestOf(output);
  },
  async run(say) {
    removeStamp(stamp);
    const how = await build(say);
    writeStamp(stamp, { inputs: inputs(), addon: digestOf(output), how });
    return how;
  },
};

/** @param {(text: string) => void} say */
async function build(say) {
  const haveLibraries = async () => (await attempt("pkg-config", ["--exists", ...libraries])).ok;
  if (!(await haveLibraries())) await aptInstall(debianPackages, say);
  const compiler = await haveCompiler(say);
  if (!compiler || !(await haveLibraries())) {
    throw new SetupError("node-canvas, which draws the charts, has no compiler or no libraries to be compiled with.", {
      hint: `install what it needs and call the set-up again: ${aptCommand(debianPackages)}
      (Fedora: dnf install gcc-c++ cairo-devel pango-devel libjpeg-turbo-devel; macOS: brew install pkg-config cairo pango jpeg)`,
    });
  }
  const words = async (/** @type {string} */ flag) =>
    (await run("pkg-config", [flag, ...libraries])).stdout.split(/\s+/).filter(Boolean);
  const gyp = readFileSync(join(folder, "binding.gyp"), "utf8");
  mkdirSync(dirname(output), { recursive: true });
  await compileAddon({
    compiler,
    sources: [...gyp.matchAll(/'(src\/[^']+\.cc)'/g)].map(([, source]) => join(folder, /** @type {string} */ (source))),
    flags: [
      "-std=c++17",
      "-DNAPI_VERSION=8",
      "-DNAPI_DISABLE_CPP_EXCEPTIONS",
      "-DNODE_ADDON_API_ENABLE_MAYBE",
      "-DHAVE_JPEG",
      `-I${ours("scripts", "setup", "include")}`,
      `-I${nodeHeaders()}`,
      `-I${dirname(createRequire(join(folder, "package.json")).resolve("node-addon-api"))}`,
      ...(await words("--cflags")),
    ],
    libraries: await words("--libs"),
    output,
  });
  const drawn = await draws();
  if (!drawn.ok) throw new SetupError(`node-canvas was compiled but does not work:\n${lastLines(drawn.output)}`);
  return `compiled with ${compiler.join(" ")}`;
}

/** Draws a word, in a process of its own, and encodes it both ways. */
function draws() {
  const script = `
    const canvas = require(process.argv[1]).createCanvas(40, 20);
    canvas.getContext("2d").fillText("poison", 0, 10);
    if (!canvas.toBuffer("image/png").length || !canvas.toBuffer("image/jpeg").length) process.exit(1);`;
  return attempt(process.execPath, ["-e", script, folder], { timeout_s: 60 });
}
