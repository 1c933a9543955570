import { readFileSync } from "node:fs";
import { currentCode, versionsOf } from "../../src/dvc/code-version.ts";
import { readPipeline } from "../../src/dvc/pipeline.ts";

/**
 * What stages.lock.json is in a project that has the package installed, where there is no code of ours to depend on: for each stage one
 * digest over its code and the packages that it computes with; and of those packages the ones that are not compiled into ours.
 */
export async function stagesIdentityText(): Promise<string> {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8")) as { dependencies: Record<string, string> };
  const locked = JSON.parse(readFileSync("stages.lock.json", "utf8")).packages as Record<
    string,
    Record<string, string>
  >;
  const versions = versionsOf(await currentCode(await readPipeline()));
  const packages = Object.keys(versions).map((stage) => {
    const beside = Object.entries(locked[stage] ?? {}).filter(
      ([name]) => name.startsWith(".dvc-poison/") || /^\d/.test(dependencies[name] ?? ""),
    );
    return [stage, Object.fromEntries(beside)];
  });
  return `${JSON.stringify({ ...versions, packages: Object.fromEntries(packages) }, null, 2)}\n`;
}
