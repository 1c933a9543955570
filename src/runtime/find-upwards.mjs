import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * A file or folder of this name in a folder, or in the nearest one around it: DVC makes copies of the project inside the project, which
 * have nothing that is installed or built of their own. Plain JavaScript, for scripts that run before any package is installed.
 * @param {string} path
 * @param {string} from
 * @returns {string | undefined}
 */
export function findUpwards(path, from) {
  const found = join(from, path);
  if (existsSync(found)) return found;
  return dirname(from) === from ? undefined : findUpwards(path, dirname(from));
}
