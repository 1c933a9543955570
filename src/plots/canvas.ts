import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type * as NodeCanvas from "canvas";

let loaded: Promise<typeof NodeCanvas> | undefined;

/** node-canvas, knowing DejaVu Sans and no other font: fonts are registered once, before the first canvas is made. */
export function loadCanvas(): Promise<typeof NodeCanvas> {
  loaded ??= registerFonts();
  return loaded;
}

async function registerFonts(): Promise<typeof NodeCanvas> {
  // Without this, Fontconfig would prefer a DejaVu Sans of the machine, and hint letters as the machine is set.
  process.env.FONTCONFIG_FILE = fileURLToPath(new URL("./fonts.conf", import.meta.url));
  const canvas = await import("canvas");
  const { resolve } = createRequire(import.meta.url);
  canvas.registerFont(resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"), { family: "DejaVu Sans" });
  canvas.registerFont(resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"), { family: "DejaVu Sans", weight: "bold" });
  return canvas;
}
