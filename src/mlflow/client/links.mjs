/*
 * Addresses of MLflow's pages. Plain JavaScript: `npm run mlflow` prints one too.
 */

/** The newest pages open an experiment among those of language models, where it is empty, unless they are asked for this. Older ones pass it over. */
const AS_TRAINING = "?workflowType=machine_learning";

/** The page of all experiments. @param {string} base the server's address, without credentials */
export const experimentsLink = (base) => `${base}/#/experiments${AS_TRAINING}`;

/** The page of an experiment's runs. @param {string} base @param {string} experiment its id */
export const experimentLink = (base, experiment) =>
  `${base}/#/experiments/${encodeURIComponent(experiment)}${AS_TRAINING}`;

/** The page of a run. @param {string} base @param {{ experimentId: string, id: string }} run */
export const runLink = (base, { experimentId, id }) =>
  `${base}/#/experiments/${encodeURIComponent(experimentId)}/runs/${encodeURIComponent(id)}${AS_TRAINING}`;
