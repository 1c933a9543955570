import { attempt, run } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/** The command that installs Debian packages, for a person to type. @param {string[]} packages */
export const aptCommand = (packages) => `sudo apt-get install -y --no-install-recommends ${packages.join(" ")}`;

/** Whether {@link aptInstall} can work here: Debian or a relative, and root. */
export async function canAptInstall() {
  return process.getuid?.() === 0 && (await attempt("apt-get", ["--version"])).ok;
}

/** The installation that runs: dpkg takes one at a time. @type {Promise<unknown>} */
let running = Promise.resolve();

/**
 * Installs Debian packages where that {@link canAptInstall can work}, one call after the other, and says so, and why it failed.
 *
 * @param {string[]} packages
 * @param {(text: string) => void} say
 * @returns {Promise<boolean>} whether they are there now
 */
export async function aptInstall(packages, say) {
  if (!(await canAptInstall())) return false;
  const installed = running.then(() => install(packages, say));
  running = installed.catch(() => {});
  return installed.then(
    () => true,
    (error) => {
      if (!(error instanceof SetupError)) throw error;
      say(error.message);
      return false;
    },
  );
}

/** @param {string[]} packages @param {(text: string) => void} say */
async function install(packages, say) {
  // A machine without the archive should learn that in seconds, not minutes.
  const quick = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"];
  const options = { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, spared: true };
  say(`apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`);
  await attempt("apt-get", [...quick, "update"], options); // An old list of packages may do: install decides.
  await run("apt-get", [...quick, "install", "-y", "--no-install-recommends", ...packages], options);
}
