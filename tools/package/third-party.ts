import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Names of files that hold a licence. */
const LICENSE = /^(licen[cs]e|copying|notice)/i;

/** The licences of packages that are compiled in, one after the other. @param places in node_modules. @throws where one has none. */
export function licensesText(places: readonly string[]): string {
  const entries = places.map((place) => {
    const { name, version, license } = JSON.parse(readFileSync(join(place, "package.json"), "utf8"));
    const file = readdirSync(place).find((entry) => LICENSE.test(entry));
    const text = file === undefined ? undefined : readFileSync(join(place, file), "utf8").trim();
    if (text === undefined && !license) throw new Error(`${place} has no licence.`);
    return `${name} ${version} (${license})\n\n${text ?? `${license}, as its package.json says.`}\n`;
  });
  return `Packages that are compiled into dvc-poison, and their licences.\n\n${entries.join(`\n${"-".repeat(80)}\n\n`)}`;
}
