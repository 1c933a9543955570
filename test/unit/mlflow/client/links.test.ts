import assert from "node:assert/strict";
import { test } from "node:test";
import { experimentLink, experimentsLink, runLink } from "../../../../src/mlflow/client/links.mjs";

test("each address opens the pages of training, below whatever path the server has", () => {
  const base = "https://example.org/mlflow";
  assert.deepEqual(
    [experimentsLink(base), experimentLink(base, "12"), runLink(base, { experimentId: "12", id: "ab/c" })],
    [
      "https://example.org/mlflow/#/experiments?workflowType=machine_learning",
      "https://example.org/mlflow/#/experiments/12?workflowType=machine_learning",
      "https://example.org/mlflow/#/experiments/12/runs/ab%2Fc?workflowType=machine_learning",
    ],
  );
});
