import assert from "node:assert/strict";
import { test } from "node:test";
import type { Balance } from "../../../src/attacks/apportion.ts";
import { describeSwaps } from "../../../src/attacks/describe-swaps.ts";
import { poisonLabels } from "../../../src/attacks/random.ts";
import { levelText } from "../../../src/records/labels/level-text.ts";

/** What is said of classes of these sizes. */
function described(sizes: Record<string, number>, poison: number, balance: Balance = "equal") {
  const images = Object.entries(sizes).flatMap(([label, size]) =>
    Array.from({ length: size }, (_, i) => ({ image: `train/${label}/${i}.jpg`, split: "train" as const, label })),
  );
  return describeSwaps(poisonLabels(images, poison, 1, balance), { poison, balance });
}

test("what was swapped, by class as long as they are few, and the level where it is not the one asked for", () => {
  assert.deepEqual(described({ cats: 20, dogs: 20 }, 10), {
    poisoned: 4,
    classes: 2,
    summary: "4 of 40 training images swapped (2 cats, 2 dogs)",
    notes: [],
  });
  const many = Object.fromEntries(Array.from({ length: 97 }, (_, i) => [`class ${i}`, 6]));
  assert.equal(
    described(many, 5).summary,
    "29 of 582 training images reassigned, 4.98 % instead of 5 % (29 of 97 classes)",
  );
  assert.equal(described({ cats: 20, dogs: 20 }, 0).summary, "0 of 40 training images swapped");
});

test("a class that gave all it has is named, but for proportional shares and where everything is swapped", () => {
  assert.deepEqual(described({ large: 90, small: 10 }, 30).notes, [
    'attack.balance is equal, but "small" (10) is too small for that: all their images are swapped, and the rest are of the other classes, up to 20 of each.',
  ]);
  assert.deepEqual(described({ large: 90, small: 10 }, 30, "proportional").notes, []);
  assert.deepEqual(described({ large: 90, small: 10 }, 100).notes, []);
  assert.deepEqual(described({ large: 90, small: 10 }, 21).notes, [], "11 and 10 are as equal as 21 can be");
});

test("a level that rounds to no image is said", () => {
  assert.deepEqual(described({ cats: 20, dogs: 20 }, 1).notes, ["1 % of 40 images rounds to none."]);
});

test("a level has two decimals at most", () => {
  assert.deepEqual([7.5, 10.057471, 100 / 3, 0, 0.004, 100].map(levelText), [
    "7.5",
    "10.06",
    "33.33",
    "0",
    "< 0.01",
    "100",
  ]);
});
