import { type ParseArgsConfig, parseArgs } from "node:util";
import { StageError } from "../runtime/errors.ts";

const hint = "--help says what there is.";

/** Node's `parseArgs`, with its complaints as StageErrors. */
export function parseFlags<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (cause) {
    throw new StageError((cause as Error).message, { hint, cause });
  }
}

/** The value of a flag that counts something, or its default. @throws StageError when it is no whole number from 1. */
export function countFlag(name: string, value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(value))
    throw new StageError(`--${name} is "${value}"; it must be a whole number from 1.`, { hint });
  return Number(value);
}
