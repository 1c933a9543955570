import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { aptInstall, canAptInstall } from "./debian.mjs";

const names = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

/** A browser of Chromium's family on the PATH, or nothing. */
export function findChromium() {
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((file) => existsSync(file));
}

/** Chromium, in which the tests look at the page of DVC's plots. Where it cannot be had they are skipped and say so.
 * @type {import("./step.mjs").Step} */
export const chromium = {
  name: "Chromium",
  done: async () => findChromium() !== undefined || !(await canAptInstall()),
  run: async (say) =>
    (await aptInstall(["chromium"], say)) ? "installed" : "not installed: the tests that need it will be skipped",
};
