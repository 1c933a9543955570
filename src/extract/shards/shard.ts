import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { NETWORK_NAMES } from "../../networks/index.ts";
import { POOLS } from "../../networks/pool.ts";
import { imageParamsSchema } from "../../records/features/image-params.ts";
import { parseJson } from "../../runtime/parse-json.ts";

/** What a shard of features is made of, and by what: all that a worker is told. */
export const requestSchema = z.strictObject({
  base: z.enum(NETWORK_NAMES),
  image: imageParamsSchema,
  pool: z.enum(POOLS),
  root: z.string().describe("the images' folder"),
  images: z.array(z.string()).min(1).describe("paths from there, one row of features each"),
});
/** See {@link requestSchema}. */
export type ShardRequest = z.infer<typeof requestSchema>;

const resultSchema = z.object({
  rows: z.int().min(1),
  rowShape: z.array(z.int().min(1)),
  backend: z.string(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.int(),
});
/** What a worker says of the shard that it has made. */
export type ShardResult = z.infer<typeof resultSchema>;

const failureSchema = z.object({ message: z.string(), hint: z.string().optional() });
/** Why a shard cannot be made, however often it is tried. */
export type ShardFailure = z.infer<typeof failureSchema>;

/**
 * A shard of features in the work folder, under a name that says what it is made of: consecutive rows, made on their own. Its result is
 * written after it, so that a shard with one is whole.
 */
export class Shard {
  readonly folder: string;
  /** SHA-256 of all that can change a byte of it. */
  readonly key: string;

  constructor(folder: string, key: string) {
    this.folder = folder;
    this.key = key;
  }

  /** What is to be made. */
  readonly request = (): string => this.#place("request.json");
  /** The features, .npy. */
  readonly rows = (): string => this.#place("npy");
  /** What was made. */
  readonly result = (): string => this.#place("json");
  /** Why it cannot be made. */
  readonly failure = (): string => this.#place("failure.json");

  readonly #place = (ending: string): string => join(this.folder, `${this.key}.${ending}`);

  /** What was made, if it lies there whole: its digest is looked at when it is collected. */
  made(): ShardResult | undefined {
    const result = readJson(resultSchema, this.result());
    return result && statSync(this.rows(), { throwIfNoEntry: false })?.size === result.bytes ? result : undefined;
  }

  /** Why it cannot be made, if a worker has found that. */
  failed(): ShardFailure | undefined {
    return readJson(failureSchema, this.failure());
  }

  /** Forgets what was made. */
  discard(): void {
    for (const file of [this.result(), this.rows(), this.failure()]) rmSync(file, { force: true });
  }
}

/** Reads a small JSON file; nothing when it is not there or is not what it should be. */
function readJson<T>(schema: z.ZodType<T>, file: string): T | undefined {
  return existsSync(file) ? parseJson(schema, readFileSync(file, "utf8")) : undefined;
}

/** Streams a file through some digests. @returns its SHA-256. @param take is given the bytes from `skip` on. */
export async function digestFile(
  file: string,
  skip = 0,
  take: (bytes: Uint8Array) => void = () => {},
): Promise<string> {
  const hash = createHash("sha256");
  let at = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const begin = Math.max(0, skip - at);
    if (begin < chunk.length) take(chunk.subarray(begin));
    at += chunk.length;
  }
  return hash.digest("hex");
}
