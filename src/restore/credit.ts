import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { oneLine, printable } from "../runtime/printable.mjs";

/** What a source says about its images. */
export type Credit = Partial<Record<"name" | "license" | "credit", string>>;

/** Bytes of a `dataset.json` that are read, and characters of a text in it. */
const LONGEST = { file: 65_536, text: 200 };

/** What means something to a browser or to Markdown. */
const MARKUP = /[<>`*~|[\]{}\\]/g;
/** What means something to a spreadsheet, where a text begins with it. */
const FORMULA = /^[\s=+@-]+/;

/**
 * Reads what a source says about itself in a `dataset.json` beside its splits. It is a stranger's: of its texts only words are taken, and
 * no count is believed.
 * @param shown what messages call `root`.
 * @param warn is told why a file there is not taken at its word.
 * @returns texts of one short line without markup.
 */
export async function readCredit(root: string, shown: string, warn: (text: string) => void): Promise<Credit> {
  const said = await readSmallJson(join(root, "dataset.json")).catch(
    (error: NodeJS.ErrnoException): Record<string, unknown> => {
      if (error.code !== "ENOENT") warn(`${shown}/dataset.json is passed over: ${error.message}.`);
      return {};
    },
  );
  const credit: Credit = {};
  for (const [key, value] of Object.entries({ ...said, license: said.license ?? said.licence })) {
    if (key !== "name" && key !== "license" && key !== "credit") continue;
    const text = typeof value === "string" ? plainText(value) : "";
    if (text !== "") credit[key] = text;
    else if (value !== undefined) warn(`${shown}/dataset.json: ${key} is passed over: it is no printable text.`);
  }
  return credit;
}

/** With this our own names end; from a stranger it would pass an archive off as the registry's. */
const ORIGIN = /\s*\((registry|mirror|path|generated)\)/gi;

/** One line of words; nothing when there is what steers a terminal. */
function plainText(text: string): string {
  const line = text.slice(0, LONGEST.file).replace(/\s+/g, " ");
  if (printable(line) !== line) return "";
  return oneLine(line.replace(MARKUP, "").replace(ORIGIN, "").replace(FORMULA, "").trim(), LONGEST.text);
}

async function readSmallJson(file: string): Promise<Record<string, unknown>> {
  if (!(await stat(file)).isFile()) throw new Error("it is no file"); // to open a pipe would wait for its writer
  const handle = await open(file, "r");
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LONGEST.file + 1), 0, LONGEST.file + 1, 0);
    if (bytesRead > LONGEST.file) throw new Error(`it has more than ${LONGEST.file} bytes`);
    const value = parseObject(buffer.toString("utf8", 0, bytesRead).replace(/^\uFEFF/, ""));
    if (value === undefined) throw new Error("it holds no JSON object");
    return value;
  } finally {
    await handle.close();
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
