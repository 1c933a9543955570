/* Writes the JSON schema of params.yaml for editors: `node --import tsx tools/schema.ts`. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { paramsSchema } from "../src/stage/params.ts";

/** The JSON schema of params.yaml, as it is committed. */
export function schemaText(): string {
  return `${JSON.stringify(z.toJSONSchema(paramsSchema, { target: "draft-7", io: "input" }), null, 2)}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  writeFileSync("src/stage/params.schema.json", schemaText());
