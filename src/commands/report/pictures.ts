import { existsSync } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { renderChart } from "../../plots/render.ts";
import { trainingChart } from "../../plots/training-chart.ts";
import { called } from "./markdown.ts";
import type { PictureLink, ReportPictures } from "./report-markdown.ts";
import { isCommitted, type Revision } from "./revision.ts";
import type { RevisionResults } from "./revision-results.ts";

/** A revision and what it holds. */
export interface Opened {
  revision: Revision;
  side: Omit<RevisionResults, "labels">;
}

const POISONED = "plots/poisoned-images.jpg";
const WRONG = "plots/wrong-predictions.jpg";
const TRAINING = "plots/training.png";

/** Writes the pictures into a folder beside the report: `report.md` has `report/`. Both training charts have the same axes. */
export async function writePictures(report: string, base: Opened, head: Opened): Promise<ReportPictures> {
  const name = basename(report, extname(report));
  const folder = join(dirname(report), name);
  await mkdir(folder, { recursive: true });
  const draw = async (file: string, { side }: Opened, other: Opened): Promise<PictureLink> => {
    const chart = trainingChart(side.history, side.metadata, Number(side.params.seed), other.side.history);
    await writeFile(join(folder, file), (await renderChart(chart)).png());
    return { address: `${name}/${file}` };
  };
  const copy = async (path: string): Promise<PictureLink> => {
    const file = basename(path);
    await rm(join(folder, file), { force: true }); // an older report's
    return copyFile(join(head.revision.folder, path), join(folder, file)).then(
      () => ({ address: `${name}/${file}` }),
      () => none(head, path),
    );
  };
  return {
    training: {
      base: await draw("training-base.png", base, head),
      head: await draw("training-head.png", head, base),
      sameAxes: true,
    },
    poisoned: await copy(POISONED),
    wrong: await copy(WRONG),
  };
}

/**
 * Addresses of the pictures as they are committed, for a comment that cannot bring files along: `PREFIX/COMMIT/plots/training.png`.
 * A picture of the workspace that is not the committed one has no address.
 */
export async function linkPictures(prefix: string, base: Opened, head: Opened): Promise<ReportPictures> {
  const link = async (opened: Opened, path: string): Promise<PictureLink> => {
    const { commit, folder } = opened.revision;
    if (!existsSync(join(folder, path))) return none(opened, path);
    if (folder === "." && !(await isCommitted(path))) return { missing: `${path} is not committed as it is.` };
    return { address: `${prefix}/${commit}/${path}` };
  };
  return {
    training: { base: await link(base, TRAINING), head: await link(head, TRAINING), sameAxes: false },
    poisoned: await link(head, POISONED),
    wrong: await link(head, WRONG),
  };
}

const none = ({ side }: Opened, path: string): PictureLink => ({ missing: `${called(side.name)} holds no ${path}.` });
