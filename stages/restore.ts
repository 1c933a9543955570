import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { classNamesOf } from "../src/records/format/image-folder.ts";
import { countImages, digestOf, writeDataset } from "../src/records/images/dataset.ts";
import { readCredit } from "../src/restore/credit.ts";
import { describeDuplicates } from "../src/restore/duplicates.ts";
import { installImages } from "../src/restore/install-images.ts";
import { packImages } from "../src/restore/pack-images.ts";
import { placeImages } from "../src/restore/place-images.ts";
import { leaveOut } from "../src/restore/skip-damaged.ts";
import { fetchImages } from "../src/restore/sources/fetch-images.ts";
import { isWatched } from "../src/restore/sources/tracked.ts";
import { takeFirst } from "../src/restore/take-first.ts";
import { say, warn } from "../src/runtime/say.ts";
import { output, runStage } from "../src/stage/run-stage.ts";

await runStage({
  describe: "Fetch the images, check them, and lay them out as {train,validation}/CLASS/*.",
  params: [
    "data.source",
    "data.table",
    "data.validation_share",
    "data.damaged",
    "data.layout",
    "data.train_per_class",
    "data.validation_per_class",
  ],
  paths: { out: output("restored images") },
  async run({ params: { data }, paths }) {
    const work = join(paths.out, ".work");
    await mkdir(work, { recursive: true });
    const { folder, shown, source, name } = await fetchImages(data, work);
    const { place, images: found, notes } = await placeImages({ folder, shown }, data);
    for (const note of notes) say(`restore: ${note}`);
    const skip = data.damaged === "skip";
    const wanted = skip ? found : takeFirst(found, data, shown);
    const from = { folder, shown, move: folder.startsWith(work) };
    const installed = await installImages(wanted, from, paths.out, data.damaged);
    const { images, digests, skipped } = skip
      ? await leaveOut(wanted, installed, data, shown, paths.out)
      : { images: wanted, digests: installed.digests, skipped: [] };
    for (const fault of skipped) warn(`restore: skipped: ${fault.message}`);
    const credit = await readCredit(join(folder, place), shown, (text) => warn(`restore: warning: ${text}`));
    await rm(work, { recursive: true });

    const classNames = classNamesOf(images.map(({ label }) => label));
    const dataset = {
      ...credit,
      name: credit.name ?? name,
      source,
      classes: classNames,
      images: countImages(images),
      ...(skipped.length > 0 && { skipped: skipped.length }),
      digest: digestOf(images, digests),
    };
    await writeDataset(paths.out, dataset);
    if (data.layout === "tar") await packImages(paths.out, images, digests);
    const duplicates = describeDuplicates(images, digests);
    if (duplicates) warn(`restore: warning: ${duplicates}`);
    const training = images.filter(({ split }) => split === "train").length;
    const few = classNames.length > 20 ? `${classNames.length} classes` : classNames.join(", ");
    say(
      `restore: ${dataset.name}: ${training} training and ${images.length - training} validation images of ${few}${skipped.length > 0 ? `; ${skipped.length} skipped` : ""}`,
    );
    if (source === "path" && !(await isWatched(data.source.slice("path:".length))))
      say(
        "restore: DVC does not watch this path: after a change there, `dvc repro --force restore`; under `dvc add`, dvc:FOLDER is watched",
      );
  },
});
