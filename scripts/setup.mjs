import { parseArgs } from "node:util";
import { commandLine, installed } from "../src/runtime/installation.mjs";
import { cli } from "./setup/cli.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const help = `${commandLine("setup", "[--cpu | --gpu | --without-tensorflow] [--ray]")}

${
  installed
    ? `Makes this folder ready to run: what is compiled here (the convolutions, node-canvas), the weights of VGG16 and, where no DVC from
3.50 on is found, a Python environment with DVC and MLflow. All of it lies in .dvc-poison. Call it again at any time: it does what is
missing.`
    : `Makes this folder ready to run: the Python environment (.venv), the Node packages, what is compiled here (the convolutions,
node-canvas) and the weights of VGG16. Call it again at any time: it does what is missing.`
}

  --gpu                  with TensorFlow for NVIDIA's GPUs, also where none is seen
  --cpu                  with TensorFlow for the CPU, which the tests and the benchmark compare with
  --without-tensorflow   without, also where there is a GPU
                         Default: --gpu where there is one, else what is installed already.
                         What was asked for once holds until something else is asked for.
  --ray                  also Ray, in an environment of its own: POISON_RUNNER=ray distributes work with it

Environment: POISON_PYTHON, the Python to use (3.10–3.13); CXX, the C++ compiler; pip's and npm's own settings.`;

const flavors = /** @type {const} */ ({ cpu: "cpu", gpu: "gpu", "without-tensorflow": "none" });

await cli(async () => {
  const start = performance.now();
  const { values } = parse();
  if (values.help) return console.log(help);
  const options = /** @type {(keyof typeof flavors)[]} */ (Object.keys(flavors));
  const [asked, ...others] = options.filter((option) => values[option]);
  if (others.length > 0) throw new SetupError(`--${asked} and --${others.join(", --")} exclude each other.`);
  const ran = await setup({ asked: asked && flavors[asked], pipeline: true, ray: values.ray ?? false });
  const took = `${((performance.now() - start) / 1000).toFixed(1)} s`;
  console.log(ran.length ? `Set up in ${took}.` : `Everything is set up: nothing to do (${took}).`);
});

function parse() {
  const flag = /** @type {const} */ ({ type: "boolean" });
  try {
    return parseArgs({
      options: { cpu: flag, gpu: flag, "without-tensorflow": flag, ray: flag, help: { ...flag, short: "h" } },
    });
  } catch (error) {
    throw new SetupError(/** @type {Error} */ (error).message, { hint: commandLine("setup", "--help") });
  }
}
