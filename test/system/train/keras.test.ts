import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { initialWeights, WEIGHT_NAMES } from "../../../src/train/top-model.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { assertClose, batches, OPTIMIZERS, TRAINERS, targets, train } from "../../support/training.ts";

test("50 steps end where Keras's do, for every optimizer, with one and with three outputs", (t) => {
  const folder = temporaryFolder(t);
  const cases = [1, 3].map((outputs) => {
    const model = { inputs: 64, hidden: 16, outputs };
    return { model, start: initialWeights(model, 5), data: batches(50, 10, model) };
  });
  const requests = cases.map(({ model, start, data }) => ({
    ...model,
    optimizers: OPTIMIZERS,
    learning_rate: 0.01,
    weights: WEIGHT_NAMES.map((name) => [...start[name]]),
    batches: data.map((batch) => ({ x: [...batch.x], y: [...targets(batch, model)] })),
  }));
  writeFileSync(join(folder, "requests.json"), JSON.stringify(requests));
  execFileSync(
    ".venv/bin/python",
    ["test/support/keras/train.py", join(folder, "requests.json"), join(folder, "answers.json")],
    { stdio: "ignore" },
  );
  const answers: Record<string, number[][]>[] = JSON.parse(readFileSync(join(folder, "answers.json"), "utf8"));
  for (const [c, { model, start, data }] of cases.entries()) {
    for (const [trainer, build] of Object.entries(TRAINERS)) {
      for (const optimizer of OPTIMIZERS) {
        const ours = train(build, model, start, { optimizer, learning_rate: 0.01 }, data);
        for (const [i, name] of WEIGHT_NAMES.entries()) {
          const what = `${trainer}, ${optimizer}, ${name}, ${model.outputs} output(s)`;
          assertClose(ours[name], answers[c]?.[optimizer]?.[i] ?? [], 1e-4, what);
        }
      }
    }
  }
});
