import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ours, root } from "./paths.mjs";
import { uvEnvironment } from "./pip-settings.mjs";
import { findPython } from "./python.mjs";
import { lockEntry } from "./python-environment.mjs";
import { run } from "./run.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

/** Ray's Python environment: of its own, for its packages need not agree with DVC's. */
const folder = join(root, ".dvc-poison", "ray");
const stamp = join(folder, "setup.json");
const lock = ours("scripts", "python", "requirements-ray.txt");

/** Ray, which distributes work where `POISON_RUNNER` is `ray`; only for whoever asks for it. @type {import("./step.mjs").Step} */
export const ray = {
  name: "Ray",
  done: () => readStamp(stamp)?.inputs === digest(readFileSync(lock, "utf8")),
  async run(say) {
    const text = readFileSync(lock, "utf8");
    const base = await findPython(say);
    removeStamp(stamp);
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    await run(base.command, ["-m", "venv", folder]);
    const program = (/** @type {string} */ name) => join(folder, "bin", name);
    const uv = join(folder, "uv.txt");
    writeFileSync(uv, lockEntry(text, "uv"));
    const pip = "-m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r".split(" ");
    await run(program("python"), [...pip, uv], { env: { ...process.env, PIP_USER: "0" }, hint: offline });
    const env = await uvEnvironment(program("pip"));
    const sync = ["pip", "sync", "--require-hashes", "--python", program("python"), lock];
    await run(program("uv"), sync, { env, hint: offline });
    writeStamp(stamp, { inputs: digest(text) });
    const [, version] = /^ray==(\S+)/m.exec(text) ?? [];
    return `Ray ${version}; POISON_RUNNER=ray uses it`;
  },
};

const offline = "the packages come from PyPI, or from the index that pip is configured for (pip config list)";
