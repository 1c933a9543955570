import { PbfReader } from "pbf";

/** Weights of a convolution as Keras lays them out. */
export interface OnnxConvolution {
  /** float32 HWIO `[height, width, channels in, channels out]`. */
  filter: Float32Array;
  /** float32 `[channels out]`. */
  bias: Float32Array;
}

interface Tensor {
  name: string;
  dims: number[];
  raw: Uint8Array;
}

interface Node {
  operator: string;
  inputs: string[];
}

/**
 * The convolutions of an ONNX model, in the order in which it computes them: a graph's nodes are sorted so. Field numbers are those of
 * https://github.com/onnx/onnx/blob/v1.17.0/onnx/onnx.proto; tensors must be float32 in `raw_data`.
 */
export function readConvolutions(model: Uint8Array): OnnxConvolution[] {
  const nodes: Node[] = [];
  const tensors = new Map<string, Tensor>();
  const readGraph = (field: number, _: unknown, graph: PbfReader) => {
    if (field === 1) nodes.push(graph.readMessage(readNode, { operator: "", inputs: [] as string[] }));
    else if (field === 5) {
      const tensor = graph.readMessage(readTensor, { name: "", dims: [] as number[], raw: new Uint8Array() });
      tensors.set(tensor.name, tensor);
    }
  };
  new PbfReader(model).readFields((field, _, reader) => {
    if (field === 7) reader.readMessage(readGraph, undefined);
  }, undefined);
  return nodes
    .filter(({ operator }) => operator === "Conv")
    .map(({ inputs }) => {
      const [filter, bias] = inputs.slice(1).map((name) => tensors.get(name)); // the first is the image
      if (!filter || !bias) throw new Error(`ONNX: a convolution of ${inputs} has no stored filter or bias.`);
      return { filter: oihwToHwio(values(filter), filter.dims), bias: values(bias) };
    });
}

function readNode(field: number, node: Node, reader: PbfReader): void {
  if (field === 1) node.inputs.push(reader.readString());
  else if (field === 4) node.operator = reader.readString();
}

function readTensor(field: number, tensor: Tensor, reader: PbfReader): void {
  if (field === 1) reader.readPackedVarint(tensor.dims);
  else if (field === 8) tensor.name = reader.readString();
  else if (field === 9) tensor.raw = reader.readBytes();
}

/** A copy: in the model the bytes stand at any offset, a Float32Array needs a multiple of four. */
const values = ({ raw }: Tensor): Float32Array => new Float32Array(new Uint8Array(raw).buffer);

function oihwToHwio(oihw: Float32Array, dims: number[]): Float32Array {
  const [outputs, inputs, height, width] = dims as [number, number, number, number];
  const area = height * width;
  const hwio = new Float32Array(oihw.length);
  for (let o = 0, from = 0; o < outputs; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let hw = 0; hw < area; hw++) hwio[(hw * inputs + i) * outputs + o] = oihw[from++] as number;
    }
  }
  return hwio;
}
