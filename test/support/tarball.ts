import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "../../scripts/setup/paths.mjs";

/** What a tarball is made of. */
const PARTS = ["src", "stages", "scripts", "tools", ".dvc/plots"];
const FILES = ["package.json", "package-lock.json", "dvc.yaml", "params.yaml", "dvc-poison.mjs", "stages.lock.json"];

const FOLDER = join(root, ".dvc-poison", "tarballs");

/** The package as `npm pack` makes it, packed once for these sources, however many tests ask. */
export async function tarball(): Promise<string> {
  const file = join(FOLDER, `${digest()}.tgz`);
  const lock = join(FOLDER, "lock");
  mkdirSync(FOLDER, { recursive: true });
  for (let waited_s = 0; !existsSync(file); waited_s++) {
    if (waited_s > 300) rmSync(lock, { recursive: true, force: true });
    if (!take(lock)) await setTimeout(1000);
    else
      try {
        pack(file);
      } finally {
        rmSync(lock, { recursive: true, force: true });
      }
  }
  return file;
}

function pack(file: string): void {
  for (const old of readdirSync(FOLDER)) if (old.endsWith(".tgz")) rmSync(join(FOLDER, old));
  const { status, stdout, stderr } = spawnSync("npm", ["pack", "--json", "--pack-destination", FOLDER], {
    cwd: root,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`npm pack ended with ${status}:\n${stderr}`);
  renameSync(join(FOLDER, JSON.parse(stdout)[0].filename), file);
}

function take(lock: string): boolean {
  try {
    mkdirSync(lock);
    return true;
  } catch {
    return false;
  }
}

function digest(): string {
  const hash = createHash("sha256");
  const under = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
  for (const file of [...PARTS.flatMap(under), ...FILES.map((name) => join(root, name))])
    hash.update(`\n${file}\n`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 32);
}
