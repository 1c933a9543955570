import { accessSync, constants } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";

/** Where Keras keeps the weights it downloads: `KERAS_HOME`, else `~/.keras` (keras/src/backend/config.py). */
export const kerasModels = (): string => join(process.env.KERAS_HOME || join(writableHome(), ".keras"), "models");

/** Our own cache, shared by all copies of the project: https://specifications.freedesktop.org/basedir-spec/latest/ */
export const ownCache = (): string => join(process.env.XDG_CACHE_HOME || join(writableHome(), ".cache"), "dvc-poison");

/** The home folder, or, as Keras does, the one for temporary files where there is none to write in (some containers). */
function writableHome(): string {
  try {
    accessSync(homedir(), constants.W_OK);
    return homedir();
  } catch {
    return tmpdir();
  }
}
