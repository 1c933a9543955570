import { attempt, run } from "./run.mjs";

/** The command that installs Debian packages, for a person to type. @param {string[]} packages */
export const aptCommand = (packages) => `sudo apt-get install -y --no-install-recommends ${packages.join(" ")}`;

/** Whether {@link aptInstall} can work here: Debian or a relative, and root. */
export async function canAptInstall() {
  return process.getuid?.() === 0 && (await attempt("apt-get", ["--version"])).ok;
}

/**
 * Installs Debian packages and says so.
 *
 * @param {string[]} packages
 * @param {(text: string) => void} say
 * @throws {SetupError} when they can't be had
 */
export async function aptInstall(packages, say) {
  // A machine without the archive should learn that in seconds, not minutes.
  const quick = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=20", "-o", "Acquire::https::Timeout=20"];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  say(`apt-get update && apt-get install -y --no-install-recommends ${packages.join(" ")}`);
  await attempt("apt-get", [...quick, "update"], { env }); // An old list of packages may do: install decides.
  await run("apt-get", [...quick, "install", "-y", "--no-install-recommends", ...packages], { env });
}
