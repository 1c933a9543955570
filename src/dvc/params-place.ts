import { StageError } from "../runtime/errors.ts";
import { isInside } from "./paths.ts";

/** The file that a stage's parameters come from when dvc.yaml names no other. */
export const PARAMS_YAML = "params.yaml";

/**
 * Where the parameters of our stages stand: in a file, at its top or in a section of it. A command of dvc.yaml says it where it is not the
 * top of params.yaml: `--params params.yaml:dvc_poison`, `--params poison.yaml`.
 */
export interface ParamsPlace {
  /** From the project's folder, as dvc.yaml writes it. */
  file: string;
  /** Keys that lead to the section, outermost first; none at the file's top. */
  section: readonly string[];
}

/** Reads `FILE` or `FILE:SECTION`. @throws StageError for what is neither. */
export function parsePlace(text: string): ParamsPlace {
  const [, file = text, section] = /^(.+\.(?:ya?ml|json)):(.*)$/.exec(text) ?? [];
  const keys = section?.split(".") ?? [];
  if (file === "" || keys.some((key) => key.trim() === "")) {
    throw new StageError(`--params is ${JSON.stringify(text)}; it must be FILE.yaml or FILE.yaml:SECTION.`, {
      hint: "Write for example `--params params.yaml:dvc_poison`.",
    });
  }
  return { file, section: keys };
}

/** The place that the commands of a pipeline name; of several, the first. */
export function paramsPlace({ stages }: { stages: Record<string, { paths: Record<string, string> }> }): string {
  const named = Object.values(stages).find(({ paths }) => paths.params !== undefined);
  return named?.paths.params ?? PARAMS_YAML;
}

/** As {@link paramsPlace}, of a file that a stranger may have written. @throws StageError for a file outside of the project. */
export function placeWithin(pipeline: Parameters<typeof paramsPlace>[0], where: string): ParamsPlace {
  const place = parsePlace(paramsPlace(pipeline));
  if (isInside(place.file)) return place;
  throw new StageError(`${where}: --params is ${JSON.stringify(place.file)}, which is no path within the project.`, {
    hint: "Paths in dvc.yaml's commands are relative, with / and without `..`.",
  });
}

/** What stands at a section of a file's content; nothing where there is no such section. */
export const sectionOf = (content: unknown, { section }: ParamsPlace): unknown =>
  section.reduce<unknown>(
    (place, key) =>
      typeof place === "object" && place !== null && Object.hasOwn(place, key)
        ? (place as Record<string, unknown>)[key]
        : undefined,
    content,
  );

/** What DVC's `-S` takes to set one of our parameters: `poison=7.5`, `dvc_poison.poison=7.5` or `poison.yaml:poison=7.5`. */
export function settingFor(text: string, place: string): string {
  const { file, section } = parsePlace(place);
  return `${file === PARAMS_YAML ? "" : `${file}:`}${[...section, text].join(".")}`;
}

/**
 * What a stage declares or has recorded by file, as if our parameters stood at the top of params.yaml: keys with dots of a list, or
 * of a mapping. What stands elsewhere stays as it is.
 */
export function atTop<T extends readonly string[] | Record<string, unknown>>(
  byFile: Record<string, T>,
  place: string | undefined,
): Record<string, T> {
  if (place === undefined) return byFile;
  const { file, section } = parsePlace(place);
  const { [file]: own, ...others } = byFile;
  if (own === undefined) return byFile;
  const prefix = section.map((key) => `${key}.`).join("");
  const [ours, theirs] = split(own, prefix, section);
  const { [PARAMS_YAML]: top, ...rest } = others;
  return {
    ...rest,
    ...(size(theirs) > 0 && file !== PARAMS_YAML && { [file]: theirs as T }),
    [PARAMS_YAML]: joined(joined(ours, file === PARAMS_YAML ? theirs : undefined), top) as T,
  };
}

type Keys = readonly string[] | Record<string, unknown>;

const size = (keys: Keys) => (Array.isArray(keys) ? keys.length : Object.keys(keys).length);

function joined(a: Keys, b: Keys | undefined): Keys {
  if (b === undefined) return a;
  return Array.isArray(a) ? [...a, ...(b as string[])] : { ...(b as object), ...(a as object) };
}

/** What belongs to a section, without its name, and what does not. DVC writes keys with dots; a mapping may be nested instead. */
function split(own: Keys, prefix: string, section: readonly string[]): [Keys, Keys] {
  if (Array.isArray(own)) {
    const ours = own.filter((key) => key.startsWith(prefix));
    return [ours.map((key) => key.slice(prefix.length)), own.filter((key) => !key.startsWith(prefix))];
  }
  if (prefix === "") return [own, {}];
  const entries = Object.entries(own);
  const dotted = entries
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value]);
  const nested = sectionOf(own, { file: "", section });
  const rest = entries.filter(([key]) => !key.startsWith(prefix) && key !== section[0]);
  return [{ ...(typeof nested === "object" ? nested : {}), ...Object.fromEntries(dotted) }, Object.fromEntries(rest)];
}
