import {
  allLevels,
  type Contender,
  experiment,
  extraction,
  type Measurement,
  type Places,
  plainStage,
  startUp,
  training,
} from "./programs.ts";

/** The levels of the study. */
export const LEVELS = [0, 1, 2.5, 5, 7.5, 10];

/** Workspaces beside those of {@link Places}. */
export interface Stages extends Places {
  /** Workspace whose `data.source` is the images. */
  restoring: string;
  /** Workspace with an image of each class. */
  starting: string;
  /** DVC repositories without data, one a round, when all levels are to be run. */
  empty: readonly string[];
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
    const contenders: Contender[] = ["keras", "ours"];
    if (places.wideNode) contenders.push("keras avx2", "ours avx2", "ours wasm", "ours wasm wide");
    if (places.onnx) contenders.push("onnx");
    const programs: (() => Promise<Measurement>)[] = [
      () => plainStage("restore", places.restoring),
      () => plainStage("poison", places.training),
      () => startUp(places.starting),
      ...inTurn(contenders).map((by) => () => extraction[by](places)),
      ...inTurn([training.keras, training.ours]).map((run) => () => run(places)),
      () => plainStage("plot", places.training),
    ];
    const { repository } = places;
    const level = Math.round((100 * round) / (rounds + 1)); // another each round
    if (repository) programs.push(() => experiment(repository, level));
    const empty = places.empty[round - 1];
    if (empty) programs.push(() => allLevels(empty, LEVELS));
    for (const run of programs) yield { round, measurement: await run() };
  }
}
