import { commandLine } from "../../src/runtime/installation.mjs";
import { aptCommand, aptInstall } from "./debian.mjs";
import { attempt } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

const newest = 13; // the lock files cover Python 3.10–3.13
const oldest = 10;
const names = ["python3", ...Array.from({ length: newest - oldest + 1 }, (_, i) => `python3.${newest - i}`), "python"];

/** Whether the lock files cover a Python. @param {string} version such as `3.11.7` */
export function isSupported(version) {
  const [major, minor] = version.split(".").map(Number);
  return major === 3 && minor !== undefined && minor >= oldest && minor <= newest;
}

/**
 * A Python that can make the environment: `$POISON_PYTHON`, else the first that fits among `python3`, `python3.13` …
 * `python3.10`. On Debian, and as root, what is missing is installed.
 *
 * @param {(text: string) => void} say
 * @returns {Promise<{command: string, version: string}>}
 * @throws {SetupError} when there is none, or it lacks `venv`
 */
export async function findPython(say) {
  let pythons = await look();
  // Where there is one that is too new or too old, Debian's package brings the same again.
  const mayHelp = pythons.every(({ version }) => isSupported(version)) && !process.env.POISON_PYTHON;
  if (!pythons.some(fits) && mayHelp && (await aptInstall(["python3", "python3-venv"], say))) {
    pythons = await look();
  }
  const python = pythons.find(fits);
  if (python) return python;

  const withoutVenv = pythons.find(({ version }) => isSupported(version));
  if (withoutVenv) {
    const { command, version } = withoutVenv;
    throw new SetupError(
      `${command} (${version}) cannot make environments: its modules venv or ensurepip are missing.`,
      {
        hint: `on Debian and Ubuntu: ${aptCommand([`python${version.split(".", 2).join(".")}-venv`])}`,
      },
    );
  }
  const found = pythons.map(({ command, version }) => `${command} is ${version}`).join(", ");
  throw new SetupError(
    `No Python 3.${oldest}–3.${newest} found (${found || `tried ${candidates().join(", ")}`}); DVC and MLflow need one.`,
    { hint: found === "" ? `${FROM_DEBIAN}, or name one: POISON_PYTHON=/path/to/python3.13` : FROM_UV },
  );
}

const FROM_DEBIAN = `install one (Debian: ${aptCommand(["python3", "python3-venv"])})`;

/** What a system of another age has not. */
const FROM_UV = `uv python install 3.${newest} (https://docs.astral.sh/uv), then POISON_PYTHON="$(uv python find 3.${newest})" ${commandLine("setup")}`;

const candidates = () => (process.env.POISON_PYTHON ? [process.env.POISON_PYTHON] : names);

/** @typedef {{command: string, version: string, venv: boolean}} Python */

/** @param {Python} python */
const fits = ({ version, venv }) => venv && isSupported(version);

/** Asks each candidate, and stops at the first that fits. */
async function look() {
  const script = `
import platform
try:
    import ensurepip, venv
    print(platform.python_version(), "venv")
except ImportError:
    print(platform.python_version())`;
  /** @type {Python[]} */
  const pythons = [];
  for (const command of candidates()) {
    const { ok, stdout } = await attempt(command, ["-c", script], { timeout_s: 20 });
    const [version, venv] = stdout.trim().split(" ");
    if (!ok || !version) continue;
    const python = { command, version, venv: venv !== undefined };
    pythons.push(python);
    if (fits(python)) break;
  }
  return pythons;
}
