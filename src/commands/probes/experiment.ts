/* Validates the parameters as the stages do, and prints them as a line of JSON with what decides where the images come from. */
import { join } from "node:path";
import { paramsPlace } from "../../dvc/params-place.ts";
import { readPipeline } from "../../dvc/pipeline.ts";
import { chooseRegistry } from "../../restore/sources/registry.ts";
import { locate } from "../../runtime/locate.ts";
import { say } from "../../runtime/say.ts";
import { loadParams } from "../../stage/params.ts";
import { runScript } from "../script.ts";

await runScript(undefined, async () => {
  const params = loadParams(paramsPlace(await readPipeline()));
  const mirror = process.env.POISON_MIRROR;
  const own = params.data.source.match(/^path:(.+)/)?.[1];
  const names = ["cats-dogs", "cats-dogs.tar.gz", "cats-dogs.zip", "cats-dogs.tar"];
  const folder = own ?? (mirror && (names.map((name) => join(mirror, name)).find(locate) ?? join(mirror, "cats-dogs")));
  say(JSON.stringify({ params, registry: chooseRegistry().url, folder, found: folder && locate(folder) }));
  return undefined;
});
