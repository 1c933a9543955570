// Starts a stage or a command of dvc-poison: `node dvc-poison.mjs --help` lists them. dvc.yaml calls it, so git tracks it.
await import("dvc-poison/cli").catch(async (error) => {
  if (!/'dvc-poison'/.test(error.message)) throw error;
  try {
    // Another git worktree than the main one has no node_modules of its own.
    const { execFileSync } = await import("node:child_process");
    const git = execFileSync("git", ["rev-parse", "--path-format=absolute", "--git-common-dir"], { encoding: "utf8" });
    const { createRequire } = await import("node:module");
    const { pathToFileURL } = await import("node:url");
    await import(pathToFileURL(createRequire(git.trim()).resolve("dvc-poison/cli")).href);
  } catch {
    const hint = "hint: npm install; with Yarn: nodeLinker: node-modules in .yarnrc.yml, then yarn install";
    console.error(`error: the package dvc-poison is not installed here.\n${hint}`);
    process.exitCode = 1;
  }
});
