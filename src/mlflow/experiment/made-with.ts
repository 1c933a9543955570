import { type Lock, lockedParams } from "../../dvc/lock.ts";
import { PARAMS_YAML } from "../../dvc/params-place.ts";
import type { Pipeline } from "../../dvc/pipeline.ts";
import { STAGES } from "../../dvc/roles.ts";
import { roundDeep } from "../../numbers/round-deep.ts";
import { levelText } from "../../records/labels/level-text.ts";
import { declaredOf, type FlatParams, flatten } from "./key.ts";

/** What a training reads: its path and DVC's digest of it. */
export interface InputDigest {
  path: string;
  md5?: string | undefined;
}

/** What the label table holds, and what the poison stage says that it was asked for, where that is of this very table. */
export interface LabelLevel {
  poisoned: number;
  images: number;
  asked: number | undefined;
}

/**
 * The parameters that an experiment was really made with. Stages can be run singly (`dvc exp run -s train-top -S poison=12`): params.yaml then
 * says of labels and features what is not so. dvc.lock knows what the stages ran with that made these very files; where it does not know
 * the labels, they tell the level of poison themselves.
 * @returns notes that say what is logged otherwise than params.yaml has it.
 */
export function madeWith(
  params: FlatParams,
  {
    lock,
    pipeline,
    inputs,
    level,
  }: { lock: Lock; pipeline: Pipeline; inputs: InputDigest[]; level?: LabelLevel | undefined },
): { params: FlatParams; notes: string[] } {
  const own = pipeline.stages[STAGES.training]?.params[PARAMS_YAML] ?? [];
  const made = producers(lock, inputs).map(([, stage]) => flatten(lockedParams(stage)));
  const actual = Object.assign({}, ...made) as FlatParams;
  if (actual.poison === undefined && level) actual.poison = levelOf(level, params.poison);
  const wrong = Object.keys(params).filter(
    (key) => actual[key] !== undefined && actual[key] !== params[key] && !(key in declaredOf({ [key]: "" }, own)),
  );
  return {
    params: { ...params, ...Object.fromEntries(wrong.map((key) => [key, actual[key] as string])) },
    notes: wrong.map(
      (key) =>
        `${PARAMS_YAML} has ${key}: ${params[key]}, but what was trained on was made with ${actual[key]}: the run says ${actual[key]}. ` +
        "`dvc repro` runs all that has changed.",
    ),
  };
}

/** The stages whose last run wrote these files, and what those were made from. */
function producers(lock: Lock, inputs: readonly InputDigest[]): [string, Lock[string]][] {
  const found = new Map<string, Lock[string]>();
  const wanted = [...inputs];
  for (let input = wanted.pop(); input; input = wanted.pop()) {
    const { path, md5 } = input;
    if (md5 === undefined) continue;
    const wrote = ({ outs }: Lock[string]) => outs.some((out) => out.path === path && out.md5 === md5);
    for (const [name, stage] of Object.entries(lock)) {
      if (found.has(name) || !wrote(stage)) continue;
      found.set(name, stage);
      wanted.push(...stage.deps.map((dep) => ({ path: dep.path, md5: dep.md5 })));
    }
  }
  return [...found];
}

/** The level of poison as it was asked for, if the labels can be of that; else as they have it. @param asked by params.yaml. */
function levelOf({ poisoned, images, asked: known }: LabelLevel, asked = ""): string {
  if (known !== undefined) return String(known);
  const fits = Math.abs((Number(asked) * images) / 100 - poisoned) <= 1; // to the nearest image; version 0.1.0 took the next even number
  return fits ? asked : levelText(roundDeep((100 * poisoned) / images));
}
