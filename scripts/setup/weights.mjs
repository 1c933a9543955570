import { statSync } from "node:fs";
import { join } from "node:path";
import { activated, ours, root } from "./paths.mjs";
import { attempt, lastLines } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";
import { digest, readStamp, writeStamp } from "./stamp.mjs";

const script = ours("scripts", "cli.mjs");
const stamp = join(root, ".dvc-poison", "weights.json");

/** What decides where the weights are found. */
const inputs = () => digest(process.env.POISON_MIRROR, process.env.KERAS_HOME, process.env.XDG_CACHE_HOME);

/** The weights of VGG16, fetched ahead so that no stage has to wait for them. @type {import("./step.mjs").Step} */
export const weights = {
  name: "VGG16 weights",
  after: ["Node packages", "Python environment"], // pip may have to fetch them
  done() {
    const found = readStamp(stamp);
    return found?.inputs === inputs() && statSync(found.file, { throwIfNoEntry: false })?.size === found.size;
  },
  async run() {
    const { ok, stdout, output } = await attempt(process.execPath, [script, "weights"], { env: activated() });
    if (!ok) throw new SetupError(lastLines(output));
    const file = lastLines(stdout, 1);
    writeStamp(stamp, { inputs: inputs(), file, size: statSync(file).size });
    return file;
  },
};
