import { isAlias, isCollection, isScalar, LineCounter, type Node, parseDocument, visit } from "yaml";
import { conflictIn } from "./conflict.mjs";
import { StageError } from "./errors.ts";

/** A dvc.lock has some thirty thousand characters; thirty times that takes seconds to read. */
const MOST_CHARACTERS = 1_000_000;
/** So many aliases a file may write, and so many times may they multiply what they stand for: YAML's way to a billion laughs. */
const MOST_ALIASES = 50;

/** A YAML file's content. */
export interface Yaml {
  /** A tree: no aliases are left in it, and no cycle. */
  value: unknown;
  /** The line, from 1, on which the value at a path stands; nothing when there is none. */
  lineOf(path: readonly PropertyKey[]): number | undefined;
}

/**
 * Reads the text of a YAML file that a stranger may have written: in bounded time, or an error.
 * @param file what messages call it, e.g. `params.yaml`.
 * @throws StageError naming file, line and remedy: conflict markers, wrong syntax, a key twice, aliases without end.
 */
export function parseYaml(text: string, file: string): Yaml {
  const lines = new LineCounter();
  const fail = (what: string, at: number | undefined, hint = `Edit ${file} there.`, cause?: unknown): never => {
    const where = at === undefined ? file : `${file}:${lines.linePos(at).line || 1}`;
    throw new StageError(`${where}: ${what}.`, { hint, cause });
  };
  if (text.length > MOST_CHARACTERS)
    fail(`has ${text.length} characters; at most ${MOST_CHARACTERS} are read`, undefined, `Look what ${file} is.`);
  if (/^\uFFFD|\0/.test(text)) fail("is not UTF-8 but, it seems, UTF-16", undefined, "Save it as UTF-8.");
  const conflict = conflictIn(text, file);
  if (conflict) throw new StageError(conflict.message, conflict);
  // Its own test for keys that are there twice compares each with each.
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: "error",
  });
  const fault = document.errors[0];
  if (fault) fail(`not valid YAML: ${fault.message.replace(/\.$/, "")}`, fault.pos[0], undefined, fault);
  let aliases = 0;
  visit(document, {
    Alias(_key, node, path) {
      const at = node.range?.[0];
      const inItself = path.some((parent) => isCollection(parent) && parent.anchor === node.source);
      if (++aliases > MOST_ALIASES) fail(`more than ${MOST_ALIASES} aliases (*name)`, at);
      if (inItself) fail(`the alias *${node.source} stands within what it names`, at);
      if (!node.resolve(document)) fail(`the alias *${node.source} names nothing`, at);
    },
    Map(_key, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const at = (key as Node | null)?.range?.[0];
        if (!isScalar(key)) {
          if (key !== null) fail(`a ${isAlias(key) ? "alias" : "list or mapping"} is no key`, at);
          continue;
        }
        if (seen.has(String(key.value))) fail(`the key ${JSON.stringify(String(key.value))} stands there twice`, at);
        seen.add(String(key.value));
      }
    },
  });
  try {
    const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
    return {
      value,
      lineOf(path) {
        const node = document.getIn(path, true) as Node | undefined;
        return node?.range ? lines.linePos(node.range[0]).line : undefined;
      },
    };
  } catch (cause) {
    return fail(`its aliases (*name) multiply without end`, undefined, undefined, cause);
  }
}
