import assert from "node:assert/strict";
import { test } from "node:test";
import { PbfWriter } from "pbf";
import { readConvolutions } from "../../../src/weights/onnx.ts";

test("ONNX: convolutions in the graph's order, whatever the order of the tensors; OIHW becomes HWIO", () => {
  const tensor = (name: string, dims: number[], values: number[]) => (_: unknown, pbf: PbfWriter) => {
    pbf.writePackedVarint(1, dims);
    pbf.writeVarintField(2, 1);
    pbf.writeStringField(8, name);
    pbf.writeBytesField(9, new Uint8Array(Float32Array.from(values).buffer));
  };
  const node = (operator: string, inputs: string[]) => (_: unknown, pbf: PbfWriter) => {
    for (const input of inputs) pbf.writeStringField(1, input);
    pbf.writeStringField(2, "out");
    pbf.writeStringField(4, operator);
  };
  const model = new PbfWriter();
  const writeGraph = (_: unknown, graph: PbfWriter) => {
    graph.writeMessage(5, tensor("b2", [1], [9]), undefined);
    graph.writeMessage(5, tensor("w2", [1, 1, 1, 1], [8]), undefined);
    graph.writeMessage(1, node("Conv", ["x", "w1", "b1"]), undefined);
    graph.writeMessage(1, node("Relu", ["y"]), undefined);
    graph.writeMessage(1, node("Conv", ["y", "w2", "b2"]), undefined);
    graph.writeMessage(5, tensor("b1", [2], [5, 6]), undefined);
    const oihw = [0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121]; // 100 o + 10 i + w
    graph.writeMessage(5, tensor("w1", [2, 3, 1, 2], oihw), undefined);
  };
  model.writeVarintField(1, 8); // another field of the model
  model.writeMessage(7, writeGraph, undefined);
  const convolutions = readConvolutions(Buffer.from(model.finish()));
  assert.deepEqual(
    convolutions.map(({ filter, bias }) => [[...filter], [...bias]]),
    [
      [
        [0, 100, 10, 110, 20, 120, 1, 101, 11, 111, 21, 121],
        [5, 6],
      ],
      [[8], [9]],
    ],
  );
});
