import { join } from "node:path";
import { Unreachable } from "../../dvc/run-dvc.ts";
import type { Dataset } from "../../records/images/dataset.ts";
import { StageError } from "../../runtime/errors.ts";
import { locate } from "../../runtime/locate.ts";
import { startProgress } from "../../runtime/progress.ts";
import { warn } from "../../runtime/say.ts";
import { ARCHIVE_NAME } from "../archive/unpack.ts";
import type { DataParams } from "../take-first.ts";
import { type Fetched, fetchFromMirror, openFolderOrArchive } from "./mirror.ts";
import { chooseRegistry, fetchFromRegistry } from "./registry.ts";
import { locateTracked } from "./tracked.ts";

/** Where images came from, and where they lie now. */
export interface Source extends Fetched {
  source: Dataset["source"];
  /** The data set's name, for titles. */
  name: string;
}

/** The generated set is the same for every `seed`, which is about training: a sweep over seeds needs no new features. */
const DRAWING_SEED = 1;
/** How many pictures `all` means for the generated set: as many as the original study had. */
const ALL = { train_per_class: 1000, validation_per_class: 400 };

/**
 * Gets the images that `data.source` names; nothing is checked yet.
 * @param work an empty folder for what has to be downloaded, unpacked or drawn.
 * @throws StageError when they cannot be had. `auto` falls back on drawings, visibly, only if the registry cannot be reached.
 */
export async function fetchImages(data: DataParams, work: string): Promise<Source> {
  const mirror = process.env.POISON_MIRROR;
  switch (data.source) {
    case "generated":
      return draw(data, work);
    case "registry":
      return registry(work);
    case "mirror":
      if (!mirror)
        throw new StageError("params.yaml: data.source is mirror, but POISON_MIRROR is not set.", {
          hint: "export POISON_MIRROR=FOLDER or an http(s) URL.",
        });
      return { ...(await fetchFromMirror(mirror, work)), source: "mirror", name: "cats-dogs (mirror)" };
    case "auto":
      if (mirror) return fetchImages({ ...data, source: "mirror" }, work);
      return registry(work).catch((error: unknown) => {
        if (!(error instanceof Unreachable)) throw error;
        warn(
          frame([
            error.message,
            "So the images are DRAWN cats and dogs, not photographs: results say nothing about the study.",
            ...(error.hint ? [error.hint] : []),
          ]),
        );
        return draw(data, work);
      });
    default:
      return ownImages(data.source, work);
  }
}

async function registry(work: string): Promise<Source> {
  const chosen = chooseRegistry();
  return {
    folder: await fetchFromRegistry(chosen, work),
    shown: chosen.path,
    source: "registry",
    name: "cats-dogs (registry)",
  };
}

async function ownImages(named: string, work: string): Promise<Source> {
  const colon = named.indexOf(":");
  const [source, path] = [named.slice(0, colon) as "path" | "dvc", named.slice(colon + 1)];
  const place = source === "dvc" ? await locateTracked(path) : locate(path);
  if (place === undefined) {
    throw new StageError(`params.yaml: data.source is ${named}: no such file or folder.`, {
      hint: "Correct the path; a relative one counts from the project's folder.",
    });
  }
  const name = place.split(/[\\/]/).at(-1)?.replace(ARCHIVE_NAME, "") || "images";
  return { ...(await openFolderOrArchive(place, path, work)), source, name };
}

async function draw({ train_per_class, validation_per_class }: DataParams, work: string): Promise<Source> {
  const { generateImages } = await import("./generated.ts");
  const counts = {
    train_per_class: train_per_class === "all" ? ALL.train_per_class : train_per_class,
    validation_per_class: validation_per_class === "all" ? ALL.validation_per_class : validation_per_class,
    seed: DRAWING_SEED,
  };
  const folder = join(work, "generated");
  const progress = startProgress(
    "restore: drawing",
    2 * (counts.train_per_class + counts.validation_per_class),
    "images",
  );
  try {
    await generateImages(folder, counts, () => progress.advance());
  } finally {
    progress.end();
  }
  return { folder, shown: "generated", source: "generated", name: "generated cats and dogs" };
}

const WIDTH = 100;

/** A warning that cannot be missed. */
function frame(sentences: readonly string[]): string {
  const lines = ["WARNING", ...sentences].flatMap(
    (sentence) => sentence.match(new RegExp(`.{1,${WIDTH}}(?:\\s|$)|\\S{${WIDTH}}`, "g")) ?? [],
  );
  const bar = "═".repeat(WIDTH + 2);
  return ["", `╔${bar}╗`, ...lines.map((line) => `║ ${line.trimEnd().padEnd(WIDTH)} ║`), `╚${bar}╝`, ""].join("\n");
}
