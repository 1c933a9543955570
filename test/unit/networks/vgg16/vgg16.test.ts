import assert from "node:assert/strict";
import { test } from "node:test";
import { vgg16 } from "../../../../src/networks/vgg16/vgg16.ts";
import { bytesOf } from "../../../../src/networks/weights.ts";

const TENSORS = vgg16.tensors;

const VGG16_BYTES = bytesOf(TENSORS);

test("the table describes VGG16: 13 convolutions of 3x3, each with the channels of the one before", () => {
  const kernels = TENSORS.filter(({ kind }) => kind === "kernel");
  const outputs = kernels.map(({ shape }) => shape[3] as number);
  assert.deepEqual(outputs, [64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512]);
  for (const [i, kernel] of kernels.entries()) {
    assert.deepEqual(kernel.shape.slice(0, 3), [3, 3, outputs[i - 1] ?? 3]);
    const bias = TENSORS[2 * i + 1];
    assert.deepEqual([bias?.layer, bias?.kind, bias?.shape], [kernel.layer, "bias", [outputs[i]]]);
  }
  assert.equal(VGG16_BYTES, 4 * 14_714_688); // parameters as in Keras's model.summary()
});
