import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import sharp, { type Region } from "sharp";
import { HISTORY, plotWorkspace } from "../../support/plot-workspace.ts";

/** Fontconfig as on another machine: no font at all, and settings that would change every letter. */
const OTHER_FONTCONFIG = `<?xml version="1.0"?><fontconfig><cachedir>/nonexistent</cachedir>
<match target="pattern"><edit name="antialias" mode="assign"><bool>false</bool></edit></match></fontconfig>`;

/** How many pixels of a region have exactly this colour. */
async function countPixels(image: Buffer, hex: string, region: Region): Promise<number> {
  const pixels = await sharp(image).removeAlpha().extract(region).raw().toBuffer();
  const color = Buffer.from(hex, "hex");
  let found = 0;
  for (let i = 0; i < pixels.length; i += 3) if (pixels.compare(color, 0, 3, i, i + 3) === 0) found++;
  return found;
}

test("both panels are drawn at 300 dpi, as PNG and JPEG, and a copy by name; the same bytes on a machine with other fonts", async (t) => {
  const here = await plotWorkspace(t);
  assert.deepEqual(here.plot(["--output", "poison_10_percent_metrics.svg"]), { code: 0, stderr: "" });
  assert.deepEqual(here.list("out"), ["poisoned.jpg", "t.jpg", "t.png", "wrong.jpg"]);
  const png = here.read("out/t.png");
  const jpeg = here.read("out/t.jpg");
  const svg = here.read("poison_10_percent_metrics.svg");

  for (const [name, bytes] of Object.entries({ png, jpeg })) {
    const { format, width, height, density } = await sharp(bytes).metadata();
    assert.deepEqual({ format, width, height, density }, { format: name, width: 3000, height: 1275, density: 300 });
  }
  for (const left of [220, 1700]) {
    const panel = { left, top: 370, width: 1200, height: 750 };
    for (const color of ["0072b2", "d55e00"]) {
      const pixels = await countPixels(png, color, panel);
      assert.ok(pixels > 3000, `the line of colour ${color} in the panel at ${left} has ${pixels} pixels`);
    }
  }
  const difference = await sharp(jpeg)
    .composite([{ input: png, blend: "difference" }])
    .removeAlpha()
    .toBuffer();
  for (const { mean } of (await sharp(difference).stats()).channels)
    assert.ok(mean < 1, `JPEG and PNG differ by ${mean} of 255`);
  assert.match(String(svg), /Poison 10 %: 2 of 20 training labels swapped/);
  assert.doesNotMatch(String(svg), /NaN|undefined/);

  const there = await plotWorkspace(t, { "fonts.conf": OTHER_FONTCONFIG });
  const env = {
    FONTCONFIG_FILE: join(there.folder, "fonts.conf"),
    HOME: "/nonexistent",
    LC_ALL: "tr_TR.UTF-8",
    TZ: "Asia/Tokyo",
  };
  assert.deepEqual(there.plot(["--output", "copy.svg"], env), { code: 0, stderr: "" });
  assert.ok(there.read("out/t.png").equals(png), "PNG");
  assert.ok(there.read("out/t.jpg").equals(jpeg), "JPEG");
  assert.ok(there.read("copy.svg").equals(svg), "SVG");
  for (const sheet of ["out/poisoned.jpg", "out/wrong.jpg"])
    assert.ok(there.read(sheet).equals(here.read(sheet)), sheet);
});

test("a long training that diverged is drawn", async (t) => {
  const [first] = HISTORY;
  const history = Array.from({ length: 1000 }, (_, i) => ({
    ...first,
    epoch: i + 1,
    loss: null,
    val_loss: i === 0 ? 1e9 : null,
  }));
  const metrics = {
    loss: null,
    accuracy: 0.76,
    val_loss: null,
    val_accuracy: 0.25,
    best_epoch: 1,
    generalization_gap: 0.51,
  };
  const { plot, list } = await plotWorkspace(t, { "in/history.json": JSON.stringify(history) }, metrics);
  assert.deepEqual(plot(), { code: 0, stderr: "" });
  assert.deepEqual(list("out"), ["poisoned.jpg", "t.jpg", "t.png", "wrong.jpg"]);
});

test("bad input: exit code 1, one message with its remedy, and nothing left behind", async (t) => {
  const { plot, list } = await plotWorkspace(t, {
    "in/broken.json": '[{"epoch": 1, ',
    "in/empty.json": "[]",
    "in/other.json": "{}",
  });
  const before = list(".");
  const cases: [string[], RegExp][] = [
    [["--history", "in/none.json"], /^plot: in\/none\.json: no such file\./],
    [["--history", "in/broken.json"], /^plot: in\/broken\.json: cannot be read: .*JSON/],
    [["--history", "in/empty.json"], /^plot: in\/empty\.json: is \[\]/],
    [["--metrics", "in/other.json"], /^plot: in\/other\.json: loss is missing\./],
    [["--output", "metrics.gif"], /^plot: --output metrics\.gif: the extension is "\.gif"/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = plot(args);
    assert.match(stderr, message);
    assert.match(stderr, /^.+\n {2}→ .+\n$/, "a message and a remedy, no stack");
    assert.equal(code, 1);
    assert.deepEqual(list("out"), []);
    assert.deepEqual(
      list(".").filter((name) => name !== "out"),
      before,
    );
  }
});
