import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ZipFile } from "yazl";
import { weightsH5 } from "./hdf5.ts";
import { DATA_FORMAT, type Layer } from "./layers.ts";

/** The version whose files are mirrored. */
const KERAS_VERSION = "3.15.1";

/** Zip stores local time: so the bytes are the same in every time zone. */
const fixedDate = () => new Date(2000, 0, 1, 12);

/**
 * Writes a `Sequential` as a `.keras` file, which `keras.models.load_model` of Keras 3 reads without custom objects. Equal models
 * give equal bytes: the date is fixed. The class names stand in `metadata.json`, where Keras passes over them.
 */
export async function writeKerasModel(
  file: string,
  { name, layers, classNames }: { name: string; layers: readonly Layer[]; classNames: readonly string[] },
): Promise<void> {
  const zip = new ZipFile();
  const options = { mtime: fixedDate(), forceDosTimestamp: true, compress: false }; // as Keras does; weights hardly shrink
  const metadata = { keras_version: KERAS_VERSION, date_saved: "2000-01-01@12:00:00", classes: classNames };
  const { buffer, byteOffset, byteLength } = await weightsH5(layers);
  zip.addBuffer(Buffer.from(JSON.stringify(metadata)), "metadata.json", options);
  zip.addBuffer(Buffer.from(JSON.stringify(sequential(name, layers))), "config.json", options);
  zip.addBuffer(Buffer.from(buffer, byteOffset, byteLength), "model.weights.h5", options);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
}

/** What Keras's `Sequential.get_config` says of these layers. */
function sequential(name: string, layers: readonly Layer[]): object {
  const dtype = "float32";
  const batchShape = (shape: readonly number[]) => [null, ...shape];
  const input = batchShape((layers[0] as Layer).input);
  const keras = (module: string, class_name: string, config: object) => ({
    module,
    class_name,
    config,
    registered_name: null,
  });
  return {
    ...keras("keras", "Sequential", {
      name,
      trainable: true,
      dtype,
      layers: [
        keras("keras.layers", "InputLayer", { batch_shape: input, dtype, name: "input_layer" }),
        ...layers.map(({ class_name, name, input, config, weights }) => ({
          ...keras("keras.layers", class_name, {
            trainable: true,
            dtype,
            name,
            ...(class_name === "Flatten" && { data_format: DATA_FORMAT }),
            ...config,
          }),
          ...(weights.length > 0 && { build_config: { input_shape: batchShape(input) } }),
        })),
      ],
      build_input_shape: input,
    }),
    build_config: { input_shape: input },
    compile_config: {},
  };
}
