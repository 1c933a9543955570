import { randomUUID } from "node:crypto";
import h5wasm from "h5wasm"; // not h5wasm/node: tsx takes 2 s and 600 MB to load that
import type { Layer } from "./layers.ts";

/**
 * The content of a `*.weights.h5` file of Keras 3: a group for each layer of a `Sequential`, in it a data set for each weight,
 * `layers/dense_1/vars/0`. Layers count by class, whatever their names; these stand in an attribute, as Keras writes it.
 * Equal weights give equal bytes.
 */
export async function weightsH5(layers: readonly Layer[]): Promise<Uint8Array> {
  const { FS } = await h5wasm.ready;
  const inMemory = randomUUID(); // a file of the library's own file system
  withoutClock(() => {
    const hdf5 = new h5wasm.File(inMemory, "w");
    hdf5.create_group("layers");
    for (const [path, { name, weights }] of layersByPath(layers)) {
      hdf5.create_group(path);
      const vars = hdf5.create_group(`${path}/vars`);
      vars.create_attribute("name", name);
      for (const [i, { values, shape }] of weights.entries())
        hdf5.create_dataset({ name: `${path}/vars/${i}`, shape, dtype: "<f4", data: values });
    }
    hdf5.close();
  });
  try {
    return FS.readFile(inMemory);
  } finally {
    FS.unlink(inMemory);
  }
}

/** `layers/conv2d`, `layers/conv2d_1`, `layers/max_pooling2d`: the names of keras/src/saving/saving_lib.py. */
function layersByPath(layers: readonly Layer[]): Map<string, Layer> {
  const paths = new Map<string, Layer>();
  for (const layer of layers) {
    const name = `layers/${layer.class_name.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toLowerCase()}`;
    const earlier = layers.slice(0, layers.indexOf(layer)).filter(({ class_name }) => class_name === layer.class_name);
    paths.set(earlier.length === 0 ? name : `${name}_${earlier.length}`, layer);
  }
  return paths;
}

/** HDF5 stamps every object with the time and offers no way to leave that out here. */
function withoutClock(write: () => void): void {
  const now = Date.now;
  Date.now = () => 0;
  try {
    write();
  } finally {
    Date.now = now;
  }
}
