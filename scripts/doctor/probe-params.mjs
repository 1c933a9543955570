/* Validates params.yaml as the stages do and prints it as JSON. Run with tsx. */
import { loadParams } from "../../src/params.ts";

try {
  console.log(JSON.stringify(loadParams("params.yaml")));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
