import { writeFile } from "node:fs/promises";
import h5wasm from "h5wasm";
import { type TopModel, type TopWeights, weightShapes } from "../train/top-model.ts";

/** Where Keras 3 looks for the weights of a `Sequential` of flatten, dense, dropout, dense: groups by layer, variables by number. */
const DATASETS = {
  hiddenKernel: "layers/dense/vars/0",
  hiddenBias: "layers/dense/vars/1",
  outputKernel: "layers/dense_1/vars/0",
  outputBias: "layers/dense_1/vars/1",
} as const;
const LAYERS = ["flatten", "dense", "dropout", "dense_1"];

/** Writes `*.weights.h5`, which `keras.Model.load_weights` of Keras 3 reads into the same top model. */
export async function writeKerasWeights(
  file: string,
  { model, weights }: { model: TopModel; weights: TopWeights },
): Promise<void> {
  const { FS } = await h5wasm.ready;
  const shapes = weightShapes(model);
  // Built in the library's own memory: `h5wasm/node`, which writes files, takes seconds to import.
  const inMemory = "model.weights.h5";
  withoutClock(() => {
    const hdf5 = new h5wasm.File(inMemory, "w");
    hdf5.create_group("layers");
    for (const layer of LAYERS) {
      hdf5.create_group(`layers/${layer}`);
      hdf5.create_group(`layers/${layer}/vars`);
    }
    for (const [name, path] of Object.entries(DATASETS) as [keyof TopWeights, string][]) {
      hdf5.create_dataset({ name: path, shape: shapes[name], dtype: "<f4", data: weights[name] });
    }
    hdf5.close();
  });
  await writeFile(file, FS.readFile(inMemory));
  FS.unlink(inMemory);
}

/** HDF5 stamps every object with the time and offers no way to leave that out here: equal weights must give equal bytes. */
function withoutClock(write: () => void): void {
  const now = Date.now;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}
