import assert from "node:assert/strict";
import { test } from "node:test";
import { Random } from "../../../../src/numbers/random.ts";
import { drawAnimal } from "../../../../src/restore/drawing/animal.ts";

test("drawings hold nothing that differs between machines or draws badly: no fonts, no filters, no bad numbers", () => {
  for (let i = 0; i < 200; i++) {
    const { svg, width, height } = drawAnimal(new Random(i, "test"), i % 2 ? "cat" : "dog");
    assert.doesNotMatch(svg, /<text|font|<filter|<image|NaN|undefined|Infinity|null/, `drawing ${i}`);
    assert.ok(svg.startsWith(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`));
    assert.equal(svg.match(/<g /g)?.length, svg.match(/<\/g>/g)?.length, `drawing ${i}: groups left open`);
    for (const [, id] of svg.matchAll(/url\(#(\w+)\)/g))
      assert.equal(svg.split(`id="${id}"`).length, 2, `drawing ${i}: #${id}`);
  }
});

test("a cat and a dog from the same random stream are not the same picture", () => {
  for (let i = 0; i < 50; i++)
    assert.notEqual(drawAnimal(new Random(i), "cat").svg, drawAnimal(new Random(i), "dog").svg);
});
