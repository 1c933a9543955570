import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { classNamesOf, listImages } from "../src/records/format/image-folder.ts";
import { countImages, digestOf, writeDataset } from "../src/records/images/dataset.ts";
import { readCredit } from "../src/restore/credit.ts";
import { describeDuplicates } from "../src/restore/duplicates.ts";
import { findSplits } from "../src/restore/find-splits.ts";
import { installImages } from "../src/restore/install-images.ts";
import { fetchImages } from "../src/restore/sources/fetch-images.ts";
import { takeFirst } from "../src/restore/take-first.ts";
import { say, warn } from "../src/runtime/say.ts";
import { output, runStage } from "../src/stage/run-stage.ts";

await runStage({
  describe: "Fetch the images, check them, and lay them out as {train,validation}/CLASS/*.",
  params: ["data.source", "data.train_per_class", "data.validation_per_class"],
  paths: { out: output("restored images") },
  async run({ params, paths }) {
    const work = join(paths.out, ".work");
    await mkdir(work, { recursive: true });
    const { folder, shown, source, name } = await fetchImages(params.data, work);
    const root = await findSplits(folder, shown);
    const images = takeFirst(await listImages(root, shown), params.data, shown);
    const digests = await installImages(images, { folder: root, shown, move: folder.startsWith(work) }, paths.out);
    const credit = await readCredit(root, shown, (text) => warn(`restore: warning: ${text}`));
    await rm(work, { recursive: true });

    const classNames = classNamesOf(images.map(({ label }) => label));
    const dataset = {
      ...credit,
      name: credit.name ?? name,
      source,
      classes: classNames,
      images: countImages(images),
      digest: digestOf(images, digests),
    };
    await writeDataset(paths.out, dataset);
    const duplicates = describeDuplicates(images, digests);
    if (duplicates) warn(`restore: warning: ${duplicates}`);
    const training = images.filter(({ split }) => split === "train").length;
    say(
      `restore: ${dataset.name}: ${training} training and ${images.length - training} validation images of ${classNames.join(", ")}`,
    );
  },
});
