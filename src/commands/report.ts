/* Compares two revisions of the experiment for a reviewer: `npm run report -- --help` */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import yargs from "yargs";
import { StageError } from "../runtime/errors.ts";
import { say } from "../runtime/say.ts";
import { linkPictures, type Opened, writePictures } from "./report/pictures.ts";
import { readLabelsOf } from "./report/read-labels.ts";
import { readResults, underNamesOf } from "./report/read-results.ts";
import { reportMarkdown } from "./report/report-markdown.ts";
import { openWorkspace, type Revision, withRevision } from "./report/revision.ts";
import { runScript } from "./script.ts";

const options = yargs(process.argv.slice(2))
  .scriptName("npm run report --")
  .usage(
    "$0 [options]\n\nWrites what a reviewer needs of a change: differences in metrics, parameters and labels, loss and accuracy of both, the poisoned images, and which stages changed and why. A revision is what git takes for a commit, or the name of a DVC experiment.",
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
  const base: Opened = { revision: baseRevision, side: underNamesOf(await readResults(baseRevision), head.side) };
  const after = await readLabelsOf(headRevision, head.side);
  const before = await readLabelsOf(baseRevision, base.side, after);
  const { out, link } = options;
  await mkdir(dirname(out), { recursive: true });
  const pictures = link ? await linkPictures(link, base, head) : await writePictures(out, base, head);
  await writeFile(out, reportMarkdown({ ...base.side, labels: before }, { ...head.side, labels: after }, pictures));
  say(`report: ${head.side.name} compared with ${base.side.name}, written to ${out}`);
}
