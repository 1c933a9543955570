// Starts a stage or a command of dvc-poison: `node dvc-poison.mjs --help` lists them.
await import("dvc-poison/cli");
