import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { damage, isDamaged } from "../runtime/built-addon.mjs";
import { StageError, throwSystemError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { addonPlace, find, packagePlace } from "./canvas-place.mjs";
import type { NodeCanvas } from "./node-canvas.ts";

let loaded: NodeCanvas | undefined;

/**
 * node-canvas, knowing DejaVu Sans and no other font: fonts are registered once, before the first canvas is made.
 * @throws StageError where it is not, or not completely, installed.
 */
export function loadCanvas(): NodeCanvas {
  loaded ??= withFonts(load);
  return loaded;
}

function withFonts(load: () => NodeCanvas): NodeCanvas {
  // Without this, Fontconfig would prefer a DejaVu Sans of the machine, and hint letters as the machine is set.
  process.env.FONTCONFIG_FILE = fileURLToPath(new URL("./fonts.conf", import.meta.url));
  const canvas = load();
  const { resolve } = createRequire(import.meta.url);
  canvas.registerFont(resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), { family: "DejaVu Sans" });
  canvas.registerFont(resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"), { family: "DejaVu Sans", weight: "bold" });
  return canvas;
}

/** The package, which is no dependency of this one: the set-up installs and compiles it. */
function load(): NodeCanvas {
  const hint = `Set it up: \`${commandLine("setup")}\`.`;
  const folder = find(packagePlace);
  if (folder === undefined)
    throw new StageError(`node-canvas is not installed: there is no ${packagePlace}.`, { hint });
  const addon = find(addonPlace);
  if (addon === undefined) throw new StageError(`node-canvas is not compiled: there is no ${addonPlace}.`, { hint });
  if (isDamaged(addon)) throw new StageError(damage(addon), { hint });
  const require = createRequire(join(folder, "package.json"));
  try {
    return require("canvas");
  } catch (cause) {
    throwSystemError(cause);
    throw new StageError(`node-canvas cannot be loaded: ${(cause as Error).message}`, {
      hint: `Delete the addon and build it anew: rm '${addon}' && ${commandLine("setup")}`, // the set-up leaves alone what is there
      cause,
    });
  }
}
