import { pathFault } from "../../src/dvc/path-fault.mjs";
import { root } from "../setup/paths.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** Where the project lies: worth a line only where DVC does not cope with it. @returns {Finding[]} */
export function examinePlace() {
  const fault = pathFault(root);
  return fault ? [{ label: "Project's path", text: fault.message, fatal: fault.always, remedy: fault.hint }] : [];
}
