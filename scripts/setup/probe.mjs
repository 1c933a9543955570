/*
 * Loads TensorFlow.js for the device that is named, multiplies two matrices and prints what did it as a line of JSON. A process of its
 * own, run with tsx, for a library that does not fit ends the process that loads it.
 */
import { loadTensorFlow } from "../../src/tensorflow/load.ts";

try {
  const { tf, device, name } = await loadTensorFlow(/** @type {"cpu" | "gpu" | "any"} */ (process.argv[2]));
  const [product] = tf.matMul([[1, 2]], [[3], [4]]).dataSync();
  if (product !== 11) throw new Error(`[1 2] · [3 4] gave ${product} instead of 11.`);
  console.log(JSON.stringify({ device, name, tfjs: tf.version_core }));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
