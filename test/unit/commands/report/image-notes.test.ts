import assert from "node:assert/strict";
import { test } from "node:test";
import { imageNotes } from "../../../../src/commands/report/image-notes.ts";
import type { RevisionResults } from "../../../../src/commands/report/revision-results.ts";
import { metadataOf } from "../../../support/train-metadata.ts";

function results(source: string, poisoned = 0): RevisionResults {
  const metadata = metadataOf(poisoned);
  return {
    name: "main",
    metadata: { ...metadata, dataset: { ...metadata.dataset, name: `pets (${source})` } },
    history: [],
    paths: { training: {}, pictures: {}, images: "data/images", labels: undefined },
    metrics: {},
    params: {},
    lock: {
      restore: {
        cmd: "",
        deps: [],
        params: { "params.yaml": { "data.source": source } },
        outs: [{ path: "data/images", md5: `${source}0123456789.dir` }],
      },
    },
    predictions: undefined,
    labels: undefined,
    stale: [],
  };
}

const described = (source: string) =>
  `\`pets (${source})\`, 2000 training and 800 validation images, \`data.source\` \`${source}\`, digest \`${source}0\``;
const [base, head] = [results("mirror", 100), results("origin")];

test("other images are named above all else, with what to do", () => {
  assert.deepEqual(imageNotes(base, head, "validation"), [
    `> [!IMPORTANT]
> **Base and head are of different data sets**, \`pets (mirror)\` and \`pets (origin)\`.
> **Base and head were validated on different images.** How their accuracies differ is not the effect of poison, nor of any other change.
>
> - Base: ${described("mirror")}
> - Head: ${described("origin")}
>
> Compare with a base line on head's images: \`npm run report -- --same-images\` runs it, by base's code and parameters; so does \`dvc exp run -S poison=5\` with head's code and parameters.`,
  ]);
  assert.match(
    imageNotes(base, head, "training").join(""),
    /were trained on different images\*\*, and validated on the same\. Their accuracies can be compared/,
  );
  assert.match(imageNotes(base, head, "unknown").join(""), /whether those for validation are the same cannot be told/);
  assert.deepEqual(imageNotes(base, head, "none"), []);
  assert.doesNotMatch(
    imageNotes(base, base, "validation").join(""),
    /of different data sets/,
    "one name, other images",
  );
});

test("a base line that was run again says so, on which images, and which its committed results come from; or why it was not", () => {
  const [note = ""] = imageNotes({ ...results("origin"), replaced: base }, head, "none");
  assert.match(note, /^> \[!NOTE\]\n> \*\*Base was run again on head's images\*\*/);
  assert.ok(note.includes(`> - Base as committed: ${described("mirror")}\n> - Head: ${described("origin")}`), note);
  const failed = imageNotes({ ...base, notRunAgain: "No network." }, head, "validation").join("");
  assert.match(failed, /Base could not be run again on head's images: `No network\.`/);
  assert.doesNotMatch(failed, /--same-images/);
});
