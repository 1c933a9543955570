import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import sharp from "sharp";
import { root } from "../../scripts/setup/paths.mjs";
import { commands, environment, type Project } from "./project.ts";
import { tarball } from "./tarball.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Somebody's own DVC project, in which the package is installed from its tarball. */
export interface Host extends Project {
  /** `npx dvc-poison …`; an exit code other than 0 is an error. */
  npx(...args: string[]): string;
}

/** What the set-up would take minutes for; their stamps are true in every folder. */
const BUILT = [".dvc-poison/canvas", ".dvc-poison/convolution-addon"];

/**
 * Makes a DVC project in git with these files, and installs the package there.
 * @param options.name of its folder. @param options.files beside its package.json, from the top of the repository.
 * @param options.within the project's folder in the repository; default all of it. @param options.install the command that installs a
 * tarball, run in the project's folder; default npm's.
 */
export async function createHost(
  t: TestContext,
  {
    name = "host",
    files = {},
    within = "",
    install = (file: string) => ["npm", "install", "--no-audit", "--no-fund", file],
  }: { name?: string; files?: Record<string, string>; within?: string; install?: (file: string) => string[] } = {},
): Promise<Host> {
  const repository = join(temporaryFolder(t), name);
  const folder = join(repository, within);
  mkdirSync(folder, { recursive: true });
  const { home, env } = environment(t);
  const { run, must } = commands(folder, env);
  writeFileSync(join(home, ".gitconfig"), IDENTITY);
  const packaged = { name: "host", version: "1.0.0", private: true };
  for (const [file, text] of Object.entries({ "package.json": JSON.stringify(packaged), ...files })) {
    mkdirSync(dirname(join(repository, file)), { recursive: true });
    writeFileSync(join(repository, file), text);
  }
  must("git", "init", "--quiet", repository);
  must("dvc", "init", "--quiet", ...(within ? ["--subdir"] : []));
  const [command, ...args] = install(await tarball()) as [string, ...string[]];
  must(command, ...args);
  for (const built of BUILT) cpSync(join(root, built), join(folder, built), { recursive: true });
  return {
    ...{ folder, env, run, must },
    npx: (...words) => must("npx", "dvc-poison", ...words),
    read: (file) => readFileSync(join(folder, file), "utf8"),
  };
}

const IDENTITY = "[init]\n\tdefaultBranch = main\n[user]\n\tname = test\n\temail = test@example.org\n";

/** Commits all that is there. */
export function commit({ must }: Pick<Host, "must">, message: string): void {
  must("git", "add", "--all");
  must("git", "commit", "--quiet", "--message", message);
}

const CLASSES = ["ant", "bee", "cow", "dog"];

/** Writes a set of images of four classes, `train` and `validation`: each class a colour of its own, with noise. */
export async function fourClasses(folder: string, { train = 6, validation = 3 } = {}): Promise<void> {
  let state = 1;
  const noise = () => {
    state = (state * 48271) % 2147483647;
    return state % 50;
  };
  for (const [split, count] of Object.entries({ train, validation }))
    for (const [c, label] of CLASSES.entries()) {
      mkdirSync(join(folder, split, label), { recursive: true });
      for (let i = 0; i < count; i++) {
        const pixels = Buffer.from(
          Array.from({ length: 40 * 40 * 3 }, (_, k) => (c < 3 && k % 3 === c ? 180 : 40) + noise()),
        );
        await sharp(pixels, { raw: { width: 40, height: 40, channels: 3 } })
          .png()
          .toFile(join(folder, split, label, `${label} ${i}.png`));
      }
    }
}
