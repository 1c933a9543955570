import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { apportion, BALANCES } from "../../../src/attacks/apportion.ts";

const sum = (counts: readonly number[]) => counts.reduce((a, b) => a + b, 0);

const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 12 });
const cases = sizes.chain((sizes) =>
  fc.record({
    sizes: fc.constant(sizes),
    total: fc.integer({ min: 0, max: sum(sizes) }),
    order: fc.shuffledSubarray([...sizes.keys()], { minLength: sizes.length }),
  }),
);

for (const balance of BALANCES) {
  test(`${balance}: the total is met, no class gives more than it has, and one image more takes from none`, () => {
    fc.assert(
      fc.property(cases, ({ sizes, total, order }) => {
        const got = apportion(sizes, total, balance, order);
        assert.equal(sum(got), total);
        assert.ok(got.every((count, c) => count <= (sizes[c] as number)));
        if (total === sum(sizes)) return assert.deepEqual(got, sizes);
        const more = apportion(sizes, total + 1, balance, order);
        assert.ok(got.every((count, c) => count <= (more[c] as number)));
      }),
    );
  });
}

test("equal: classes differ by more than one only where the lesser has given all", () => {
  fc.assert(
    fc.property(cases, ({ sizes, total, order }) => {
      const got = apportion(sizes, total, "equal", order);
      const most = Math.max(...got);
      assert.ok(got.every((count, c) => count >= most - 1 || count === sizes[c]));
    }),
  );
});

test("proportional: every class gets its exact share, rounded up or down", () => {
  fc.assert(
    fc.property(cases, ({ sizes, total, order }) => {
      const got = apportion(sizes, total, "proportional", order);
      for (const [c, count] of got.entries()) {
        const share = ((sizes[c] as number) * total) / sum(sizes);
        assert.ok(count > share - 1 && count < share + 1, `${count} of ${share}`);
      }
    }),
  );
});

test("equal shares go by the order; a thousand single images beside a large class do not wait for it", () => {
  assert.deepEqual(apportion([6, 6, 6], 2, "equal", [2, 0, 1]), [1, 0, 1]);
  assert.deepEqual(apportion([6, 6, 6], 2, "proportional", [2, 0, 1]), [1, 0, 1]);
  const sizes = [1000, ...new Array<number>(1000).fill(1)];
  assert.equal(apportion(sizes, 500, "proportional", [...sizes.keys()])[0], 250);
});
