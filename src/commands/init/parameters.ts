import { stringify } from "yaml";
import { PARAMS_YAML, type ParamsPlace, sectionOf } from "../../dvc/params-place.ts";
import { StageError } from "../../runtime/errors.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import { isMapping } from "../../stage/override.ts";
import { insertYaml } from "./insert-yaml.ts";
import { templateText } from "./template.ts";

/** The section that our parameters get where the project has one of their names at the top of params.yaml. */
export const SECTION = "dvc_poison";

/** The names at the top of our parameters that a project's params.yaml has already. @throws StageError for a file that is no YAML. */
export function takenNames(text: string, leaves: readonly string[]): string[] {
  const there = parseYaml(text, PARAMS_YAML).value;
  const names = new Set(leaves.map((leaf) => leaf.split(".", 1)[0] as string));
  return isMapping(there) ? [...names].filter((name) => Object.hasOwn(there, name)) : [];
}

/**
 * Writes those of our parameters that are missing into the text of a file of parameters, each with the comment that says what it may
 * hold, and the value at which everything is as it was without it.
 * @param leaves keys with dots, as if they stood at the top.
 * @param values other values than the usual ones.
 * @returns the text, and the keys that were added.
 * @throws StageError for a file that is no YAML, or that has something else in the place of the section.
 */
export function addParameters(
  text: string,
  place: ParamsPlace,
  leaves: readonly string[],
  values: Readonly<Record<string, string>> = {},
): { text: string; added: string[] } {
  const template = templateLines(values);
  const added: string[] = [];
  let result = text;
  for (const leaf of [...template.keys()].filter((key) => leaves.includes(key))) {
    const [first, second] = leaf.split(".") as [string, string | undefined];
    const there = sectionOf(parseYaml(result, place.file).value, {
      ...place,
      section: [...place.section, ...leaf.split(".")],
    });
    if (there !== undefined) continue;
    const block = template.get(leaf) as string;
    const path = second === undefined ? place.section : [...place.section, first];
    result = insertYaml(result, { path, block }, place.file);
    added.push(leaf);
  }
  if (added.length > 0 && !/\.ya?ml$/.test(place.file))
    throw new StageError(`${place.file}: lacks ${added.join(", ")}; init writes YAML alone.`, {
      hint: "Add them by hand, with the values of dvc-poison's params.yaml.",
    });
  return { text: result, added };
}

/** The line of each parameter in our params.yaml, with its comment, from column 0. */
function templateLines(values: Readonly<Record<string, string>>): Map<string, string> {
  const lines = new Map<string, string>();
  let section = "";
  for (const line of templateText("params.yaml").split("\n")) {
    const [, indent, key, value, comment = ""] = /^(\s*)(\w+):[ ]*([^#]*?)(\s+#.*)?$/.exec(line.trimEnd()) ?? [];
    if (key === undefined) continue;
    if (indent === "") section = value === "" ? key : "";
    const leaf = section !== "" && section !== key ? `${section}.${key}` : key;
    if (leaf === section) continue;
    const other = values[leaf];
    const said = comment.trim();
    const column = line.trim().length - said.length; // all comments stand below each other
    const withOther = (value: string) =>
      `${`${key}: ${stringify(value, { lineWidth: 0 }).trim()}  `.padEnd(column)}${said}`;
    lines.set(leaf, other === undefined ? line.trim() : withOther(other).trimEnd());
  }
  return lines;
}
