/**
 * Stages of your own: programs with flags from dvc.yaml, parameters from params.yaml, outputs that appear whole or not at all, and errors
 * that say what to do.
 *
 * @module stage
 */
export { StageError } from "../runtime/errors.ts";
export { say, warn } from "../runtime/say.ts";
export type { FlagSpec, PathSpec } from "../stage/flags.ts";
export type { OwnParams, OwnSchemas, StandardSchema } from "../stage/own-params.ts";
export type { Leaf, Params, PickLeaves } from "../stage/params.ts";
export { type Invocation, input, output, runStage, type Stage } from "../stage/run-stage.ts";
