import { StageError } from "../runtime/errors.ts";
import { oneLine } from "../runtime/printable.mjs";
import { parseYaml } from "../runtime/yaml.ts";

/** Whether a value of YAML is a mapping. */
export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Sets one `a.b=value` in place. Keys that are no parameters are set too, for the schema names what is allowed.
 * @throws StageError when it is not of that form, or would replace a mapping by another.
 */
export function applyOverride(values: Record<string, unknown>, override: string): void {
  const refuse = (why: string, hint = "Write for example `-S poison=7.5`.", cause?: unknown) =>
    new StageError(`-S ${oneLine(override)}: ${why}.`, { hint, cause });
  const split = override.indexOf("=");
  if (split < 1) throw refuse("not of the form key=value");
  const keys = override.slice(0, split).split(".");
  if (keys.some((key) => key.trim() === "")) throw refuse("a part of the key is empty");
  const value = parseValue(override.slice(split + 1), refuse);
  let place = values;
  for (const key of keys.slice(0, -1)) {
    if (!Object.hasOwn(place, key) || !isMapping(place[key])) set(place, key, {});
    place = place[key] as Record<string, unknown>;
  }
  const key = keys.at(-1) as string;
  const former = Object.hasOwn(place, key) ? place[key] : undefined;
  if (isMapping(former) && isMapping(value)) {
    const one = `${keys.join(".")}.${Object.keys(former)[0]}`;
    throw refuse("replaces a mapping", `Set its keys one by one: -S ${one}=…`);
  }
  set(place, key, value);
}

function parseValue(text: string, refuse: (why: string, hint?: string, cause?: unknown) => StageError): unknown {
  if (/^\s*[&*!]/.test(text))
    throw refuse("the value begins with &, * or !, which name things in YAML", "Put quotation marks around it.");
  try {
    return parseYaml(text, "value").value;
  } catch (cause) {
    throw refuse(`the value is not valid: ${(cause as Error).message.replace(/\.$/, "")}`, undefined, cause);
  }
}

/** An assignment to `__proto__` would be no key but change what the mapping is. */
function set(place: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(place, key, { value, writable: true, enumerable: true, configurable: true });
}
