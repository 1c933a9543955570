import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ours } from "../setup/paths.mjs";
import { attempt, passOn } from "../setup/run.mjs";

/**
 * Runs the pipeline, and when it has ended well says what came out, by the program `answer`.
 *
 * @param {string[]} args what DVC is told
 * @param {NodeJS.ProcessEnv} environment
 * @param {(environment: NodeJS.ProcessEnv) => Promise<number>} run
 * @returns {Promise<number>} DVC's exit code: the answer is an extra
 */
export async function answering(args, environment, run) {
  const notes = mkdtempSync(join(tmpdir(), "dvc-poison-"));
  process.on("exit", () => rmSync(notes, { recursive: true, force: true }));
  const refs = await attempt("git", ["for-each-ref", "--format=%(refname)", "refs/exps"]);
  writeFileSync(join(notes, "experiments"), refs.ok ? refs.stdout : "");
  const code = await run({ ...environment, POISON_RUN_ADDRESS_FILE: join(notes, "run-address") });
  if (code === 0) await passOn(process.execPath, [ours("scripts", "cli.mjs"), "answer", notes, ...args], environment);
  return code;
}
