import { readFileSync } from "node:fs";
import { join } from "node:path";
import { home } from "./installation.mjs";

/*
 * Which Node runs this package: `engines` in package.json, which npm only warns of. What starts a program asks here first.
 */

/** Whether a version is in a range of the forms `^20.19 || >=23`. @param {string} version @param {string} range */
export function isWithin(version, range) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return range.split("||").some((part) => {
    const [, kind, from, past = 0] = /^\s*(\^|>=)(\d+)(?:\.(\d+))?\s*$/.exec(part) ?? [];
    if (kind === undefined) throw new Error(`${part} is no range of Node's versions`);
    if (major === Number(from)) return minor >= Number(past);
    return kind === ">=" && major > Number(from);
  });
}

/** `^20.19` is 20.19 or newer below 21. @param {string} part */
const inWords = (part) =>
  part
    .trim()
    .replace(/^\^((\d+).*)/, "$1 or a later $2")
    .replace(/^>=(.*)/, "$1 or newer");

/**
 * What is wrong with a Node, for people; nothing where it is one that package.json admits.
 *
 * @param {string} [version] default: of the Node that runs this
 * @returns {{message: string, hint: string} | undefined}
 */
export function nodeFault(version = process.versions.node) {
  /** @type {string} */
  const range = JSON.parse(readFileSync(join(home, "package.json"), "utf8")).engines.node;
  if (isWithin(version, range)) return undefined;
  return {
    message: `This is Node ${version}; dvc-poison needs ${range.split("||").map(inWords).join(", or ")}.`,
    hint: "install a current Node: https://nodejs.org",
  };
}
