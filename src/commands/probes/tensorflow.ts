/*
 * Loads TensorFlow.js for the device that is named, multiplies two matrices and prints what did it as a line of JSON. A process of its
 * own, for a library that does not fit ends the process that loads it.
 */
import { say } from "../../runtime/say.ts";
import { loadTensorFlow } from "../../tensorflow/load.ts";
import { runScript } from "../script.ts";

await runScript(undefined, async () => {
  const { tf, device, name } = await loadTensorFlow(process.argv[2] as "cpu" | "gpu" | "any");
  const [product] = tf.matMul([[1, 2]], [[3], [4]]).dataSync();
  if (product !== 11) throw new Error(`[1 2] · [3 4] gave ${product} instead of 11.`);
  say(JSON.stringify({ device, name, tfjs: tf.version_core }));
  return undefined;
});
