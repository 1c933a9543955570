/* Writes our stages into somebody's DVC project: `--help` says more. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { settingFor } from "../dvc/params-place.ts";
import { writeWhole } from "../runtime/atomic-write.ts";
import { StageError } from "../runtime/errors.ts";
import { CLI } from "../runtime/fork-program.ts";
import { commandLine, installed } from "../runtime/installation.mjs";
import { say, warn } from "../runtime/say.ts";
import { parseFlags } from "./flags.ts";
import { showDifference } from "./init/difference.ts";
import { type Plan, planInit, shownFrom } from "./init/plan.ts";
import { addRemote } from "./init/remote.ts";
import { runScript } from "./script.ts";

const help = `${commandLine("init", "[options]")}

Writes the stages into the DVC project of this folder: dvc.yaml, parameters, lines of .gitignore and .dvcignore, the launcher that dvc.yaml
calls, and templates for DVC's plots; then sets up what the stages need. What is there stays as it is. Called again it changes nothing; after
an upgrade it adds what is new.

  --dir FOLDER       into a subfolder, with a dvc.yaml and a params.yaml of its own
  --stages NAMES     only some: restore,poison,extract-bottleneck,train-top,plot
  --images FOLDER    take the images from a folder that a stage of yours makes: {train,validation}/CLASS/*
  --params FILE[:SECTION]   where the parameters stand; default: params.yaml, in its section dvc_poison where a name is taken
  --remote URL       also make this DVC's default remote
  --no-setup         do not set up
  --dry-run          say what would be written, and write nothing`;

await runScript("init", async () => {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const { values: flags } = parseFlags({
    options: {
      dir: { ...text, default: "." },
      stages: text,
      images: text,
      params: text,
      remote: text,
      "no-setup": flag,
      "dry-run": flag,
      help: { ...flag, short: "h" },
    },
  });
  if (flags.help) return void say(help);
  if (!installed && !process.env.POISON_INIT_HERE)
    throw new StageError("this is dvc-poison's own repository, which has its stages.", { hint: "npm start" });
  const folder = resolve(flags.dir);
  const images = flags.images && (relative(folder, resolve(flags.images)).replaceAll("\\", "/") || ".");
  const stages = flags.stages?.split(",").map((name) => name.trim());
  const plan = planInit({ folder, stages, images, params: flags.params });
  if (flags["dry-run"]) {
    for (const { path, content } of plan.changes) say(showDifference(shownFrom(process.cwd(), path), path, content));
    say(plan.changes.length === 0 ? "init: nothing to do." : "init: nothing was written: --dry-run.");
    return undefined;
  }
  for (const { path, content } of plan.changes)
    await writeWhole(path, async (partial) => writeFileSync(partial, content));
  for (const { path, done } of plan.changes) say(`${shownFrom(process.cwd(), path)}${done && `: ${done}`}`);
  if (flags.remote !== undefined) say(await addRemote(flags.remote, folder));
  if (plan.changes.length === 0) say("init: everything is there: nothing to do.");
  for (const note of plan.notes) warn(`init: ${note}`);
  const ready = flags["no-setup"] || setUp();
  say(nextSteps(plan, flags.dir, ready));
  return ready ? 0 : 1;
});

/** Makes ready what the stages need. @returns whether it is. */
function setUp(): boolean {
  const { status } = spawnSync(process.execPath, [CLI, "setup"], { stdio: "inherit" });
  return status === 0;
}

function nextSteps({ place, awaited }: Plan, dir: string, ready: boolean): string {
  const setting = settingFor("poison=7.5", place);
  return [
    "",
    ...(awaited.length > 0 ? [`Still to be made, by a stage of yours: ${awaited.join(", ")}`] : []),
    "Next:",
    ...(ready ? [] : [`  ${commandLine("setup")}   says what is still missing`]),
    ...(dir === "." ? [] : [`  cd ${dir}`]),
    "  git add --all && git commit --message 'Add dvc-poison'",
    `  dvc exp run -S ${setting}`,
    "  dvc metrics diff",
    `  ${commandLine("doctor")}   says what is there, what is missing, and what to do about it`,
  ].join("\n");
}
