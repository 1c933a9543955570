import { parseArgs } from "node:util";
import { cli } from "./setup/cli.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const help = `npm run setup -- [--cpu | --gpu]

Makes this folder ready to run: the Python environment (.venv), the Node packages, the two that are compiled here
(TensorFlow.js's addon, node-canvas) and the weights of VGG16. Call it again at any time: it does what is missing.

  --cpu   TensorFlow for the CPU, also where there is a GPU
  --gpu   TensorFlow with CUDA, also where no GPU is seen
          Default: by what the machine has. What was asked for once holds until the other is asked for.

Environment: POISON_PYTHON, the Python to use (3.10–3.13); CXX, the C++ compiler; pip's and npm's own settings.`;

await cli(async () => {
  const start = performance.now();
  const { values } = parse();
  if (values.help) return console.log(help);
  if (values.cpu && values.gpu) throw new SetupError("--cpu and --gpu exclude each other.");
  const flavor = values.cpu ? "cpu" : values.gpu ? "gpu" : undefined;
  const ran = await setup({ ...(flavor && { flavor }), pipeline: true });
  const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  console.log(ran.length ? `Set up in ${took}.` : `Everything is set up: nothing to do (${took}).`);
});

function parse() {
  try {
    return parseArgs({
      options: { cpu: { type: "boolean" }, gpu: { type: "boolean" }, help: { type: "boolean", short: "h" } },
    });
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message, { hint: "npm run setup -- --help" });
  }
}
