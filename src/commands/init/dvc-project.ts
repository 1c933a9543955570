import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { StageError } from "../../runtime/errors.ts";
import { findUpwards } from "../../runtime/find-upwards.mjs";

/** The `.dvc` folder of the DVC project that a folder belongs to. @throws StageError where there is none. */
export function dvcFolder(folder: string): string {
  const around = existsSync(folder) ? folder : dirname(folder);
  const found = findUpwards(".dvc", around);
  if (found !== undefined) return found;
  const git = findUpwards(".git", around) !== undefined;
  throw new StageError(`${folder}: no DVC project, here or around.`, {
    hint: git ? "Make it one: dvc init" : "Make it one: git init && dvc init. Without git: dvc init --no-scm",
  });
}

/** Adds `key = value` to a section of DVC's configuration, unless it says something of the key. @returns the text, or nothing. */
export function addSetting(config: string, section: string, key: string, value: string): string | undefined {
  if (new RegExp(`^\\s*${key}\\s*=`, "m").test(config)) return undefined;
  const eol = config.includes("\r\n") ? "\r\n" : "\n";
  const line = `    ${key} = ${value}${eol}`;
  const head = new RegExp(`^[ \\t]*\\[${section}\\][ \\t]*(?:#.*)?(?:\\r?\\n|$)`, "m").exec(config);
  const end = head === null ? config.length : head.index + head[0].length;
  const before = end === 0 || config[end - 1] === "\n" ? "" : eol;
  return config.slice(0, end) + before + (head === null ? `[${section}]${eol}` : "") + line + config.slice(end);
}
