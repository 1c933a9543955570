/* Compares two revisions of the experiment for a reviewer: `--help` says more */
import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import yargs from "yargs";
import { writeWhole } from "../runtime/atomic-write.ts";
import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { say, warn } from "../runtime/say.ts";
import { RUNS, runOnImagesOf } from "./report/base-line.ts";
import { compareImages } from "./report/image-difference.ts";
import { linkPictures, type Opened, writePictures } from "./report/pictures.ts";
import { readLabelsOf } from "./report/read-labels.ts";
import { readResults, underNamesOf } from "./report/read-results.ts";
import { reportMarkdown } from "./report/report-markdown.ts";
import { openWorkspace, type Revision, withRevision } from "./report/revision.ts";
import { runScript } from "./script.ts";

const options = yargs(process.argv.slice(2))
  .scriptName(commandLine("report"))
  .usage(
    `${commandLine("report", "[options]")}\n\nWrites what a reviewer needs of a change: differences in metrics, parameters and labels, loss and accuracy of both, the poisoned images, and which stages changed and why. A revision is what git takes for a commit, or the name of a DVC experiment.`,
  )
  .options({
    base: { type: "string", requiresArg: true, default: "main", describe: "revision to compare with" },
    rev: { type: "string", requiresArg: true, describe: "revision to report on; default: the workspace" },
    out: {
      type: "string",
      requiresArg: true,
      default: "report.md",
      describe: "file to write; pictures go into a folder beside it",
    },
    link: {
      type: "string",
      requiresArg: true,
      describe: "write no pictures, link the committed ones: LINK/COMMIT/plots/training.png",
    },
    "same-images": {
      type: "boolean",
      default: false,
      describe: "where the images of base are others, run base again on those of the head, and compare with that",
    },
  })
  .locale("en")
  .version(false)
  .strict()
  .parseSync();

await runScript("report", async () => {
  if (extname(options.out) !== ".md")
    throw new StageError(`--out ${options.out}: must end in .md.`, { hint: "Write for example `--out report.md`." });
  const workspace = await openWorkspace();
  await withRevision(options.base, "--base", (base) =>
    options.rev === undefined
      ? report(base, workspace)
      : withRevision(options.rev, "--rev", (head) => report(base, head)),
  );
});

async function report(baseRevision: Revision, headRevision: Revision): Promise<void> {
  const head: Opened = { revision: headRevision, side: await readResults(headRevision) };
  const base: Opened = { revision: baseRevision, side: await readResults(baseRevision) };
  if (!options.sameImages || (await compareImages(base.side, head.side)) === "none") return write(base, head);
  await withRevision(
    base.revision.commit,
    "--base",
    async (copy) => write(await runOnImagesOf(head, base, copy).catch((error) => notRun(base, error)), head),
    RUNS,
  );
}

/** Base as it is committed, with the reason why it is not another run. @throws what is a bug. */
function notRun(base: Opened, error: unknown): Opened {
  if (!(error instanceof StageError)) throw error;
  warn(`report: warning: ${base.side.name} was not run again: ${error.message}`);
  if (error.hint) warn(`  → ${error.hint}`);
  return { ...base, side: { ...base.side, notRunAgain: error.message } };
}

async function write(opened: Opened, head: Opened): Promise<void> {
  const base: Opened = { ...opened, side: underNamesOf(opened.side, head.side) };
  const images = await compareImages(base.side, head.side);
  const after = await readLabelsOf(head.revision, head.side);
  const before = await readLabelsOf(base.revision, base.side, after);
  const { out, link } = options;
  const pictures = link ? await linkPictures(link, base, head) : await writePictures(out, base, head);
  const text = reportMarkdown({ ...base.side, labels: before }, { ...head.side, labels: after }, images, pictures);
  await writeWhole(out, (partial) => writeFile(partial, text));
  say(`report: ${head.side.name} compared with ${base.side.name}, written to ${out}`);
  if (images !== "none")
    warn("report: warning: the images of the two are not the same; the report says what that means.");
}
