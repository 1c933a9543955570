/*
 * Validates params.yaml as the stages do, and prints it as a line of JSON with what decides where the images come from.
 * Run with tsx.
 */
import { join } from "node:path";
import { chooseRegistry } from "../../src/restore/sources/registry.ts";
import { locate } from "../../src/runtime/locate.ts";
import { loadParams } from "../../src/stage/params.ts";

try {
  const params = loadParams("params.yaml");
  const mirror = process.env.POISON_MIRROR;
  const own = params.data.source.match(/^path:(.+)/)?.[1];
  const names = ["cats-dogs", "cats-dogs.tar.gz", "cats-dogs.zip", "cats-dogs.tar"];
  const folder = own ?? (mirror && (names.map((name) => join(mirror, name)).find(locate) ?? join(mirror, "cats-dogs")));
  console.log(JSON.stringify({ params, registry: chooseRegistry().url, folder, found: folder && locate(folder) }));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
