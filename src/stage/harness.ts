/**
 * The harness: folders of src that run a stage but cannot change a byte of its outputs, so that no stage depends on them in dvc.yaml.
 * What they hand over is checked (a SHA-256 for weights and downloads) or is tracked by DVC itself (parameters). They serialize no
 * output. A module that could change a byte does not belong here.
 */
export const HARNESS = [
  "src/commands", // what a person calls
  "src/dvc", // reading dvc.yaml, dvc.lock and git
  "src/mlflow", // a record of the run; outputs are the same without it
  "src/runners", // who distributes work: what was made is checked, and its bytes do not depend on it
  "src/runtime", // errors, progress, downloads, child processes
  "src/stage", // flags, validation of parameters, moving finished outputs into place
  "src/weights", // finding and downloading
] as const;

/** Whether a file belongs to the harness. @param file path from the project's root. */
export const isHarness = (file: string): boolean => HARNESS.some((folder) => file.startsWith(`${folder}/`));
