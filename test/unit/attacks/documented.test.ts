import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { Attack } from "../../../src/attacks/attack.ts";
import { ATTACK_NAMES, ATTACKS } from "../../../src/attacks/index.ts";
import type { ImageEntry } from "../../../src/records/format/image-folder.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const IMAGES: ImageEntry[] = ["a", "b", "c"].flatMap((label) =>
  (["train", "train", "validation"] as const).map((split, i) => ({
    image: `${split}/${label}/${i}.jpg`,
    split,
    label,
  })),
);

test("the attack that docs/architecture.md adds is one", async (t) => {
  const page = readFileSync("docs/architecture.md", "utf8");
  const code = /```ts\n(\/\/ src\/attacks\/first\.ts\n[\s\S]*?)```/.exec(page)?.[1] as string;
  const file = join(temporaryFolder(t), "first.ts");
  writeFileSync(file, code.replaceAll('"../', `"${pathToFileURL(resolve("src"))}/`));
  const { first } = (await import(pathToFileURL(file).href)) as { first: Attack };
  const rows = await first.poison({
    images: IMAGES,
    poison: 50,
    seed: 1,
    balance: "equal",
    pixels: "",
    features: undefined,
  });
  assert.deepEqual(
    rows.filter(({ label, true_label }) => label !== true_label).map(({ image, label }) => [image, label]),
    [
      ["train/a/0.jpg", "b"],
      ["train/a/1.jpg", "b"],
      ["train/b/0.jpg", "c"],
    ],
  );
  assert.ok(code.split("\n").length <= 22, "about 20 lines");
});

for (const name of ATTACK_NAMES) {
  test(`${name}: a row an image in order, validation labels true, equal seeds give equal labels, and as many as asked for`, async () => {
    const attack: Attack = ATTACKS[name];
    assert.match(attack.describe, /^[a-z]/);
    const input = { images: IMAGES, poison: 50, seed: 3, balance: "equal", pixels: "", features: undefined } as const;
    const [rows, again] = await Promise.all([attack.poison(input), attack.poison(input)]);
    assert.deepEqual(rows, again);
    assert.deepEqual(
      rows.map(({ image, split, true_label }) => ({ image, split, label: true_label })),
      IMAGES,
    );
    const changed = rows.filter(({ label, true_label }) => label !== true_label);
    assert.equal(changed.length, 3);
    assert.ok(changed.every(({ split }) => split === "train"));
  });
}
