import { isDeepStrictEqual } from "node:util";
import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseDocument,
  stringify,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { StageError } from "../../runtime/errors.ts";
import { parseYaml, type Yaml } from "../../runtime/yaml.ts";
import { isMapping } from "../../stage/override.ts";

/** Columns that one level of ours stands in. */
const STEP = 2;

/** What is added to a mapping or a list of a YAML file: text of block style, from column 0, that is read as `value`. */
export interface Addition {
  /** Keys that lead to the mapping or list; what is missing of them is made. */
  path: readonly string[];
  /** Lines as they would stand alone. */
  block: string;
}

/**
 * Adds to a YAML file at the end of a mapping or a list, without touching a byte of what is there: comments, order, quotes and line ends
 * stay somebody's own. Only a value that says "nothing" (`{}`, `[]`, `~`) gives way. Into braces and brackets it is written as they are.
 * @param file what messages call it.
 * @throws StageError for a file that is no YAML, and when there is something else at the path.
 */
export function insertYaml(text: string, { path, block }: Addition, file: string): string {
  const yaml = parseYaml(text, file);
  const added: unknown = parseDocument(block).toJS();
  const wanted = withAdded(yaml, path, added, file);
  const result = insertText(text, path, block);
  if (result !== undefined && holds(result, wanted)) return result;
  throw new StageError(`${lineAt(yaml, path, file)}: nothing can be added at ${path.join(".") || "its top"}.`, {
    hint: "Write it in block style, one key a line, without anchors.",
  });
}

/** Whether a text is YAML, and says that. */
function holds(text: string, wanted: unknown): boolean {
  const document = parseDocument(text);
  return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), wanted);
}

/** A file, with the line of the deepest value there is on a path. */
function lineAt(yaml: Yaml, path: readonly string[], file: string): string {
  const lines = path.map((_, i) => yaml.lineOf(path.slice(0, i + 1))).filter((line) => line !== undefined);
  return `${file}:${lines.at(-1) ?? 1}`;
}

/** The content of the file with what is added. @throws StageError */
function withAdded(yaml: Yaml, path: readonly string[], added: unknown, file: string): unknown {
  const at = (content: unknown, depth: number): unknown => {
    const key = path[depth];
    const list = key === undefined && Array.isArray(added);
    if (list && (Array.isArray(content) || isNothing(content))) return [...((content as []) ?? []), ...added];
    if (!list && (isMapping(content) || isNothing(content)))
      return { ...content, ...(key === undefined ? (added as object) : { [key]: at(content?.[key], depth + 1) }) };
    const where = path.slice(0, depth);
    throw new StageError(
      `${lineAt(yaml, where, file)}: ${where.join(".") || "its content"} is no ${list ? "list" : "mapping"}.`,
      { hint: `Edit ${file} there.` },
    );
  };
  return at(yaml.value, 0);
}

const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined;

/** Says of a value that there is none. */
const EMPTY = /^(\{\s*\}|\[\s*\]|~|null)$/i;

function insertText(text: string, path: readonly string[], block: string): string | undefined {
  const document = parseDocument(text);
  // As deep into the path as there is something.
  let depth = path.length;
  while (depth > 0 && !isFilled(document.getIn(path.slice(0, depth), true))) depth--;
  const missing = path.slice(depth);
  const node = depth === 0 ? document.contents : (document.getIn(path.slice(0, depth), true) as Node);
  if (isCollection(node) && isFilled(node)) {
    // A key that is there with nothing behind it: what is missing goes below it.
    const pair = isMap(node) && node.items.find(({ key }) => isScalar(key) && key.value === missing[0]);
    if (node.flow) return insertIntoFlow(text, node, pair || undefined, missing, block);
    const column = columnOf(text, node);
    if (!pair) return withLines(text, endOf(text, node), nested(missing, block, column));
    const [rest, at] = withoutValue(text, pair.value as Node | null, pair.key as Node);
    return withLines(rest, lineEnd(rest, at), nested(missing.slice(1), block, column + STEP));
  }
  const [rest] = withoutValue(text, node);
  const end = /^\.\.\.(?=\s|$)/m.exec(rest)?.index ?? rest.length;
  return withLines(rest, end, nested(missing, block, 0));
}

/** Puts lines where a line begins, with the line ends that the text has. */
function withLines(text: string, at: number, lines: string): string {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const before = at > lineStart(text, at) ? eol : "";
  return text.slice(0, at) + before + lines.replaceAll("\n", eol) + eol + text.slice(at);
}

/** The text without a value that says "nothing", and where that, or the key before it, ended. */
function withoutValue(text: string, value: Node | null, key?: Node): [string, number] {
  const [start, end] = value?.range ?? [0, 0];
  if (!EMPTY.test(text.slice(start, end))) return [text, key?.range?.[1] ?? text.length];
  const before = text.slice(0, start).replace(/[ \t]+$/, "");
  return [before + text.slice(end), before.length];
}

/** Adds within braces or brackets, behind the last item, or in the place of an empty value. */
function insertIntoFlow(
  text: string,
  node: YAMLMap | YAMLSeq,
  pair: Pair | undefined,
  missing: readonly string[],
  block: string,
): string | undefined {
  const keys = pair === undefined ? missing : missing.slice(1);
  const added = keys.reduceRight<unknown>((inner, key) => ({ [key]: inner }), parseDocument(block).toJS());
  const flow = stringify(added, { collectionStyle: "flow", lineWidth: 0 }).trim().replace(/\n\s*/g, " ");
  if (pair !== undefined) {
    const [start, end] = (pair.value as Node | null)?.range ?? [0, 0];
    return EMPTY.test(text.slice(start, end)) ? text.slice(0, start) + flow + text.slice(end) : undefined;
  }
  const last = node.items.at(-1);
  const range = isPair(last) ? ((last.value ?? last.key) as Node).range : (last as Node).range;
  const at = range?.[1] ?? 0;
  return `${text.slice(0, at)}, ${flow.slice(1, -1).trim()}${text.slice(at)}`;
}

const isFilled = (node: unknown): boolean => isCollection(node) && node.items.length > 0;

/** Lines below the keys that lead to them, from a column on. */
function nested(keys: readonly string[], block: string, column: number): string {
  const heads = keys.map((key, i) => `${" ".repeat(column + STEP * i)}${stringify(key).trim()}:`);
  const own = column + STEP * keys.length;
  return [
    ...heads,
    ...block
      .trimEnd()
      .split("\n")
      .map((line) => (line === "" ? "" : " ".repeat(own) + line)),
  ].join("\n");
}

/** The column of a collection's items. */
function columnOf(text: string, node: Node): number {
  if (isSeq(node)) {
    const first = (node.items[0] as Node | undefined)?.range?.[0] ?? 0;
    return text.lastIndexOf("-", first) - lineStart(text, first);
  }
  const pair = isMap(node) ? node.items[0] : undefined;
  const start = (isPair(pair) ? (pair.key as Node) : undefined)?.range?.[0] ?? 0;
  return start - lineStart(text, start);
}

/** Where the line after a collection's last item begins. */
function endOf(text: string, node: Node): number {
  if (!isCollection(node) || node.flow) return lineEnd(text, node.range?.[1] ?? 0);
  const last = node.items.at(-1);
  if (!isPair(last)) return endOf(text, last as Node);
  const value = last.value as Node | null;
  return value?.range && value.range[1] > value.range[0]
    ? endOf(text, value)
    : lineEnd(text, (last.key as Node).range?.[1] ?? 0);
}

/** Where the line begins; before the first there may be a byte order mark. */
function lineStart(text: string, at: number): number {
  const start = at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
  return start === 0 && text.startsWith("\ufeff") ? 1 : start;
}

/** Where the next line begins; a block of text (`|`) ends there already. */
function lineEnd(text: string, at: number): number {
  if (at > 0 && text[at - 1] === "\n") return at;
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end + 1;
}

/** Writes another text in the place of one in a YAML file; nothing else changes. @param file what messages call it. @throws StageError */
export function replaceYaml(text: string, path: readonly string[], value: string, file: string): string {
  const document = parseDocument(text);
  const node = document.getIn(path, true);
  const [start, end] = (isScalar(node) && node.range) || [0, 0];
  const eol = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? "";
  const result = text.slice(0, start) + stringify(value, { lineWidth: 0 }).trimEnd() + eol + text.slice(end);
  document.setIn(path, value);
  if (end > start && holds(result, document.toJS())) return result;
  throw new StageError(`${lineAt(parseYaml(text, file), path, file)}: ${path.join(".")} cannot be changed.`, {
    hint: `Write there: ${value}`,
  });
}
