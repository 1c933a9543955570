import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { writeWhole } from "../../../runtime/atomic-write.ts";
import { parseJson } from "../../../runtime/parse-json.ts";
import type { SharedPlaces } from "./shared-places.ts";

/** What a task of a sweep is told: one experiment. */
export interface Order {
  /** The experiment's name. */
  name: string;
  /** What `dvc exp run` is told of it, beside that. */
  args: string[];
  /** Where what it prints is kept. */
  log: string;
  /** A folder of the project, for clones and for how experiments ended. */
  folder: string;
  places: SharedPlaces;
}

const ended = z.union([
  z.object({ ok: z.literal(true), ref: z.string(), commit: z.string() }),
  z.object({ ok: z.literal(false), reason: z.string() }),
]);

/** How an experiment ended: where it can be had, or why there is none. */
export type Ended = z.infer<typeof ended>;

/** The file that says how an experiment ended. */
export const endOf = ({ folder, name }: Pick<Order, "folder" | "name">): string => join(folder, `${name}.json`);

const file = z.object({ order: z.string(), ended });

/** How this very experiment ended, if it has; of another order of the same name it says nothing. */
export function readEnd(order: Order): Ended | undefined {
  try {
    const found = parseJson(file, readFileSync(endOf(order), "utf8"));
    return found?.order === JSON.stringify(order) ? found.ended : undefined;
  } catch {
    return undefined; // there is none
  }
}

/** Notes how an experiment ended. */
export const writeEnd = (order: Order, ended: Ended): Promise<void> =>
  writeWhole(endOf(order), (partial) => writeFile(partial, JSON.stringify({ order: JSON.stringify(order), ended })));
