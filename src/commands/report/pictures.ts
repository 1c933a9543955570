import { copyFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { renderChart } from "../../plots/render.ts";
import { trainingChart } from "../../plots/training-chart.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import { called, code } from "./markdown.ts";
import type { PictureLink, ReportPictures } from "./report-markdown.ts";
import { fileOf, isCommitted, type Revision } from "./revision.ts";
import type { RevisionResults } from "./revision-results.ts";

/** A revision and what it holds. */
export interface Opened {
  revision: Revision;
  side: Omit<RevisionResults, "labels">;
}

/** A picture by the flag of the stage that draws it. */
type Picture = "png" | "poisoned" | "wrong";

/** Writes the pictures into a folder beside the report: `report.md` has `report/`. Both training charts have the same axes. */
export async function writePictures(report: string, base: Opened, head: Opened): Promise<ReportPictures> {
  const name = basename(report, extname(report));
  const folder = join(dirname(report), name);
  const draw = async (file: string, { side }: Opened, other: Opened): Promise<PictureLink> => {
    const chart = trainingChart(side.history, side.metadata, Number(side.params.seed), other.side.history);
    const png = (await renderChart(chart)).png();
    await writeWhole(join(folder, file), (partial) => writeFile(partial, png));
    return { path: `${name}/${file}` };
  };
  const copy = async (picture: Picture): Promise<PictureLink> => {
    const path = head.side.paths.pictures[picture];
    const file = basename(path ?? picture);
    const source = await fileOf(head.revision, path);
    if (source === undefined) {
      await rm(join(folder, file), { force: true }); // an older report's
      return none(head, picture);
    }
    await writeWhole(join(folder, file), (partial) => copyFile(source, partial));
    return { path: `${name}/${file}` };
  };
  return {
    training: {
      base: await draw("training-base.png", base, head),
      head: await draw("training-head.png", head, base),
      sameAxes: true,
    },
    poisoned: await copy("poisoned"),
    wrong: await copy("wrong"),
  };
}

/**
 * Addresses of the pictures as they are committed, for a comment that cannot bring files along: `PREFIX/COMMIT/plots/training.png`.
 * A picture of the workspace that is not the committed one has no address.
 */
export async function linkPictures(prefix: string, base: Opened, head: Opened): Promise<ReportPictures> {
  const link = async (opened: Opened, picture: Picture): Promise<PictureLink> => {
    const { commit, folder } = opened.revision;
    if (opened.side.replaced) return { missing: "No picture is committed of the run on head's images." };
    const path = opened.side.paths.pictures[picture];
    if (path === undefined || (await fileOf(opened.revision, path)) === undefined) return none(opened, picture);
    if (folder === "." && !(await isCommitted(path))) return { missing: `${code(path)} is not committed as it is.` };
    return { path, below: `${prefix}/${commit}` };
  };
  return {
    training: { base: await link(base, "png"), head: await link(head, "png"), sameAxes: false },
    poisoned: await link(head, "poisoned"),
    wrong: await link(head, "wrong"),
  };
}

const none = ({ side }: Opened, picture: Picture): PictureLink => {
  const path = side.paths.pictures[picture];
  return {
    missing: `${called(side.name)} holds no ${path ? code(path) : `picture that dvc.yaml calls --${picture}`}.`,
  };
};
