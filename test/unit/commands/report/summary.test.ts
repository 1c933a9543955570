import assert from "node:assert/strict";
import { test } from "node:test";
import type { ImageDifference } from "../../../../src/commands/report/image-difference.ts";
import type { RevisionResults } from "../../../../src/commands/report/revision-results.ts";
import { summary } from "../../../../src/commands/report/summary.ts";
import { metadataOf } from "../../../support/train-metadata.ts";

const results = (featuresBackend: string | undefined): RevisionResults => ({
  name: "main",
  metadata: metadataOf(0),
  history: [{ epoch: 1, loss: 1, accuracy: 0.9, val_loss: 1, val_accuracy: 0.8 }],
  paths: { training: {}, pictures: {}, images: undefined, labels: undefined },
  featuresBackend,
  metrics: {},
  params: {},
  lock: {},
  predictions: [{ image: "validation/cats/cat.1.jpg", label: "cats", predicted: "cats", probability: 0.1 }],
  labels: undefined,
  stale: [],
});
const features = (base: string | undefined, head: string | undefined) =>
  summary(results(base), results(head), "none").find((line) => line.includes("**Features**"));

test("what computed the features is named, and said to be a difference where it is one", () => {
  assert.match(
    features("tensorflow 2.21.0 cpu", "tensorflow 2.21.0 cpu") ?? "",
    /by .*tensorflow 2\.21\.0 cpu.* in both/,
  );
  assert.match(
    features("tensorflow 2.20.0 cpu", "tensorflow 2.21.0 gpu") ?? "",
    /by .*2\.20\.0 cpu.* in base and by .*2\.21\.0 gpu.* in head: part of what differs can be due to that/,
  );
  assert.match(features(undefined, "tensorflow 2.21.0 cpu") ?? "", /by a version that did not say in base/);
  assert.equal(features(undefined, undefined), undefined);
});

test("on other validation images no number is said to rise or fall, and nothing is tested", () => {
  const text = (images: ImageDifference) => summary(results(undefined), results(undefined), images).join("\n");
  for (const images of ["validation", "unknown"] as const) {
    assert.doesNotMatch(text(images), /McNemar|chance|rose|fell|same \(|right/);
    assert.match(
      text(images),
      /\*\*Validation accuracy\*\* is 0\.8 in head and 0\.8 in base, each on images of its own: not compared, not tested\./,
    );
  }
  for (const images of ["none", "training"] as const)
    assert.match(text(images), /Of the same 1 validation images, both get the same ones right/);
});
