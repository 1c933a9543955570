import { StageError } from "../../runtime/errors.ts";

/** @throws StageError when a file holds another number of things than the metrics say: then they are of two trainings. */
export function assertSameTraining(what: string, found: number, said: number): void {
  if (found === said) return;
  throw new StageError(`There are ${found} ${what}, but the metrics say ${said}: they are of two trainings.`, {
    hint: "Bring all up to date: `dvc repro train-top`.",
  });
}
