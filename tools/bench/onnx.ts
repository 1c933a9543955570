import { program } from "../../scripts/setup/paths.mjs";
import { run } from "../../scripts/setup/run.mjs";

/** Versions that agree with each other and with every Python of the project. */
const PACKAGES = ["onnx==1.19.1", "onnxruntime==1.23.2"];

/** Fetches ONNX Runtime into a folder of its own, which is not part of the project's environment. @returns the folder. */
export async function installOnnxRuntime(folder: string): Promise<string> {
  await run(program("python"), ["-m", "pip", "install", "--quiet", "--target", folder, ...PACKAGES], {
    hint: "it comes from PyPI, or from the index that pip is configured for; without --onnx it is not needed",
  });
  return folder;
}
