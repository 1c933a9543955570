import { parsePlace, sectionOf } from "../dvc/params-place.ts";
import { StageError } from "../runtime/errors.ts";
import { oneLine } from "../runtime/printable.mjs";
import { parseYaml } from "../runtime/yaml.ts";
import { applyOverride, isMapping } from "./override.ts";
import { readParams } from "./read-params.ts";

/** What checks a value and says its type, as zod, Valibot and ArkType make it (https://standardschema.dev, version 1). */
export interface StandardSchema<T = unknown> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    /** The value, converted where the schema does so, or what is wrong with it. */
    readonly validate: (value: unknown) => Checked<T> | Promise<Checked<T>>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

type Checked<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** Parameters that are none of ours, by their keys with dots, each with what checks it. */
export type OwnSchemas = Record<string, StandardSchema>;

/** The values of {@link OwnSchemas}. */
export type OwnParams<O extends OwnSchemas> = {
  [K in keyof O]: O[K] extends StandardSchema<infer T> ? T : never;
};

/** Whether a setting, `evaluate.threshold=0.5`, is of one of these keys. */
export const isOwn = (setting: string, keys: readonly string[]): boolean =>
  keys.some((key) => setting.startsWith(`${key}=`) || setting.startsWith(`${key}.`));

/**
 * Reads and checks the parameters of somebody's own stage, which stand at the top of the file where ours, or their section, stand.
 * @param where as dvc.yaml's command has it, `params.yaml` or `params.yaml:SECTION`.
 * @param overrides `key=value` of these keys.
 * @throws StageError naming file, line, key, value and what its schema says.
 */
export async function loadOwnParams<O extends OwnSchemas>(
  schemas: O,
  where: string,
  overrides: readonly string[],
): Promise<OwnParams<O>> {
  const { file } = parsePlace(where);
  const yaml = parseYaml(readParams(file), file);
  const values = isMapping(yaml.value) ? yaml.value : {};
  for (const override of overrides) applyOverride(values, override);
  const faults: string[] = [];
  const read = async ([key, schema]: [string, StandardSchema]) => {
    const section = key.split(".");
    const value = sectionOf(values, { file, section });
    const checked = await schema["~standard"].validate(value);
    if (checked.issues === undefined) return [key, checked.value] as const;
    const line = overrides.some((text) => isOwn(text, [key])) ? undefined : yaml.lineOf(section);
    const shown = value === undefined ? "is missing" : `is ${oneLine(JSON.stringify(value))}`;
    const why = checked.issues.map(({ message }) => message).join("; ");
    faults.push(`${file}${line ? `:${line}` : ""}: ${key} ${shown}: ${why}.`);
    return [key, undefined] as const;
  };
  const entries = await Promise.all(Object.entries(schemas).map(read));
  if (faults.length > 0) throw new StageError(faults.join("\n"), { hint: `Edit ${file}.` });
  return Object.fromEntries(entries) as OwnParams<O>;
}
