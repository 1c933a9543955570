/** The experiment of MLflow that runs belong to. */
export const experimentName = (env: NodeJS.ProcessEnv = process.env): string =>
  env.MLFLOW_EXPERIMENT_NAME || "dvc-poison";

/** Seconds that a request may take: MLflow's own variable, but not its two minutes as the default. */
export const timeout_s = (env: NodeJS.ProcessEnv = process.env): number => Number(env.MLFLOW_HTTP_REQUEST_TIMEOUT) || 5;

/** A function that passes each text on once. */
export function onceEach(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    say(text);
  };
}
