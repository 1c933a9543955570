import { copyFileSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { npmCi } from "./npm.mjs";
import { ours, root } from "./paths.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

const files = ["package.json", "package-lock.json"];

/**
 * A package that is no dependency of the project, in a folder of its own, with what it depends on. None may run a script of its own.
 *
 * @param {object} what
 * @param {string} what.name of the step
 * @param {string} what.lock the folder of scripts/setup that locks it
 * @param {string} what.place where it is installed, in the project's folder
 * @param {string} what.packagePlace the package, in the project's folder
 * @returns {import("./step.mjs").Step}
 */
export function lockedPackages({ name, lock, place, packagePlace }) {
  const folder = join(root, place);
  const stamp = join(folder, "setup.json");
  const source = ours("scripts", "setup", lock);
  const inputs = () => digest(...files.map((file) => readFileSync(join(source, file), "utf8")));
  return {
    name,
    done: () => readStamp(stamp)?.inputs === inputs() && existsSync(join(root, packagePlace, "package.json")),
    async run() {
      removeStamp(stamp);
      mkdirSync(folder, { recursive: true });
      for (const file of files) copyFileSync(join(source, file), join(folder, file));
      await npmCi(folder);
      writeStamp(stamp, { inputs: inputs() });
      return "as locked";
    },
  };
}
