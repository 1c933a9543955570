import { experiment, extraction, type Measurement, type Places, plainStage, training } from "./programs.ts";

/** Workspaces beside those of {@link Places}. */
export interface Stages extends Places {
  /** Workspace whose `data.source` is the images. */
  restoring: string;
  /** DVC repository with the features in its cache, when `dvc exp run` is to be measured. */
  repository: string | undefined;
}

/** Runs all programs in turns, round after round; which of two begins changes each round, so that neither has the warmer machine. */
export async function* runRounds(
  places: Stages,
  rounds: number,
): AsyncGenerator<{ round: number; measurement: Measurement }> {
  for (let round = 1; round <= rounds; round++) {
    const inTurn = <T>(programs: T[]) => (round % 2 === 1 ? programs : programs.reverse());
    const programs: (() => Promise<Measurement>)[] = [
      () => plainStage("restore", places.restoring),
      () => plainStage("poison", places.training),
      ...inTurn([extraction.keras, extraction.ours, ...(places.onnx ? [extraction.onnx] : [])]).map(
        (run) => () => run(places),
      ),
      ...inTurn([training.keras, training.ours]).map((run) => () => run(places)),
      () => plainStage("plot", places.training),
    ];
    const { repository } = places;
    const level = Math.round((100 * round) / (rounds + 1)); // another each round
    if (repository) programs.push(() => experiment(repository, level));
    for (const run of programs) yield { round, measurement: await run() };
  }
}
