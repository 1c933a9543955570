import { z } from "zod";
import { StageError } from "../../runtime/errors.ts";

/** A share of something, 0–1. */
export const share = z.number().min(0).max(1);

/** A number of things. */
export const count = z.int().min(0);

/** Half of the last decimal that files hold, twice over: figures that were rounded one by one may be so far apart. */
export const ROUNDING = 1e-6;

/** What is wrong in a value, and where: `[["dataset", "name"], "the name is empty"]`. */
export type Fault = readonly [path: readonly PropertyKey[], message: string];

/** An object with these keys. It may have others, which are kept: a file may hold more than this version knows. */
export const open = <S extends z.ZodRawShape>(shape: S): z.ZodObject<S> =>
  z.looseObject(shape) as unknown as z.ZodObject<S>;

/** A schema that also looks at how the parts fit together. @param find gives the first fault, if there is one. */
export const checked = <S extends z.ZodType>(schema: S, find: (value: z.output<S>) => Fault | undefined): S =>
  schema.superRefine((value, context) => {
    const fault = find(value);
    if (fault) context.addIssue({ code: "custom", path: [...fault[0]], message: fault[1] });
  });

/** The longest part of a value that a message repeats. */
const MOST_SHOWN = 80;

/**
 * Takes a value for what a schema says it is.
 * @param options.name the file, for the message. @param options.place how to name a place in it, by default `dataset.name`, `[3].label`.
 * @throws StageError naming the file, the first place that does not fit, and what stands there.
 */
export function assertFits<T>(
  schema: z.ZodType<T>,
  value: unknown,
  { name, hint, place = z.core.toDotPath }: { name: string; hint: string; place?: (path: PropertyKey[]) => string },
): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new StageError(`${name}: ${describe(result.error, value, place)}`, { hint });
}

/** Stops what would be written but not read again. @throws Error, for that is a bug. */
export function assertWritable<T>(schema: z.ZodType<T>, value: T, file: string): void {
  const result = schema.safeParse(value);
  if (!result.success) throw new Error(`${file}: not written: ${describe(result.error, value, z.core.toDotPath)}`);
}

/** What stands there, and not what every object inherits: a class may be called `constructor`. */
const ownValue = (part: unknown, key: PropertyKey): unknown =>
  typeof part === "object" && part !== null && Object.hasOwn(part, key)
    ? (part as Record<PropertyKey, unknown>)[key]
    : undefined;

function describe({ issues }: z.ZodError, value: unknown, place: (path: PropertyKey[]) => string): string {
  const { path, message, code } = issues[0] as z.core.$ZodIssue;
  const found = path.reduce<unknown>((part, key) => ownValue(part, key), value);
  const key = path.length > 0 ? `${place(path)} ` : "";
  if (path.length === 0 && code === "custom") return `${message}.`; // of the whole, which is too long to show
  if (found === undefined && code !== "custom") return `${key}is missing.`;
  const shown = typeof found === "number" ? String(found) : (JSON.stringify(found) ?? "not there");
  return `${key}is ${shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}: ${message}.`;
}
