/** A schema of zod, of which this is all that is needed. */
interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false };
}

/** What a JSON text holds, when it has the form asked for; nothing when it has another, or is no JSON. */
export function parseJson<T>(schema: Schema<T>, text: string): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const result = schema.safeParse(value);
  return result.success ? result.data : undefined;
}
