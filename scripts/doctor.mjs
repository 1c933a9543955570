import { commandLine } from "../src/runtime/installation.mjs";
import { examineCache } from "./doctor/cache.mjs";
import { examineDevice } from "./doctor/device.mjs";
import { examineExperiment } from "./doctor/experiment.mjs";
import { printFindings } from "./doctor/finding.mjs";
import { examineMachine } from "./doctor/machine.mjs";
import { examinePackages } from "./doctor/packages.mjs";
import { examinePlace } from "./doctor/place.mjs";
import { examineServices } from "./doctor/services.mjs";
import { cli } from "./setup/cli.mjs";

const help = `${commandLine("doctor")}

Examines the machine, what is installed, the device, images, weights, git and MLflow, and says what to do about each fault.
✓ fine   ! works, but   ✗ the pipeline cannot run: exit code 1`;

await cli(async () => {
  if (process.argv.slice(2).some((arg) => arg === "--help" || arg === "-h")) return console.log(help);
  const examinations = [
    examineMachine(),
    examinePackages(),
    examineDevice(),
    examineExperiment(),
    examineServices(),
    examineCache(),
    examinePlace(),
  ];
  const fatal = printFindings((await Promise.all(examinations)).flat());
  console.log(fatal ? "\nThe pipeline cannot run yet." : `\nThe pipeline can run: ${commandLine("start")}`);
  return fatal ? 1 : 0;
});
