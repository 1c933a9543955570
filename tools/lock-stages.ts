/*
 * Writes stages.lock.json: for each stage one digest over the packages that its code loads, nested ones included. dvc.yaml lists it as a
 * parameter, so that another version of a package that computes runs the stages again that load it, and no others.
 *   node --import tsx tools/lock-stages.ts
 */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { pathToFileURL } from "node:url";
import { place as canvasPlace } from "../src/plots/canvas-place.mjs";
import { stagePackages } from "./stage-closure.ts";

/** An entry of package-lock.json (https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json). */
interface LockedPackage {
  version: string;
  integrity?: string;
  optional?: true;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  peerDependenciesMeta?: Record<string, { optional?: boolean }>;
}

/** Packages that the set-up installs in a folder of their own: its place. A folder of scripts/setup with their name locks them. */
const BESIDE: Record<string, string> = { canvas: canvasPlace };

/**
 * The content of stages.lock.json, as it is committed.
 * @param packageLock the text of package-lock.json.
 * @param besideLock the text of the package-lock.json of a package that is installed beside.
 */
export function stagesLockText(
  packageLock = readFileSync("package-lock.json", "utf8"),
  besideLock = (name: string) => readFileSync(`scripts/setup/${name}/package-lock.json`, "utf8"),
): string {
  const packages = packagesOf(packageLock);
  for (const [name, place] of Object.entries(BESIDE))
    for (const [path, entry] of Object.entries(packagesOf(besideLock(name)))) packages[`${place}/${path}`] = entry;
  const stages = readdirSync("stages")
    .map((file) => basename(file, ".ts"))
    .sort();
  const places = Object.fromEntries(stages.map((stage) => [stage, placesOf(packages, stagePackages(stage))]));
  const digests = Object.fromEntries(stages.map((stage) => [stage, digestOf(packages, places[stage] as string[])]));
  const versions = (list: readonly string[]) =>
    Object.fromEntries(
      list.map((place) => {
        const { version, optional } = packages[place] as LockedPackage;
        return [place.replace(/^node_modules\//, ""), optional ? `${version} or absent` : version];
      }),
    );
  const listed = Object.fromEntries(stages.map((stage) => [stage, versions(places[stage] as string[])]));
  return `${JSON.stringify({ ...digests, packages: listed }, null, 2)}\n`;
}

const packagesOf = (lock: string): Record<string, LockedPackage> => JSON.parse(lock).packages;

/** The places in the project's folder of some packages and of all that they depend on, sorted. */
function placesOf(packages: Record<string, LockedPackage>, names: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (name: string, from: string, needed: boolean) => {
    const place = resolve(packages, name, from);
    if (place === undefined && needed)
      throw new Error(`package-lock.json has no ${name}, which ${from || "src"} needs`);
    if (place === undefined || found.has(place)) return;
    found.add(place);
    const { dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta } = packages[
      place
    ] as LockedPackage;
    for (const other of Object.keys(dependencies ?? {}))
      visit(other, place, optionalDependencies?.[other] === undefined);
    for (const other of Object.keys(optionalDependencies ?? {})) visit(other, place, false);
    for (const other of Object.keys(peerDependencies ?? {}))
      visit(other, place, !peerDependenciesMeta?.[other]?.optional);
  };
  for (const name of names) visit(name, BESIDE[name] ?? "", true);
  return [...found].sort();
}

/** Where Node finds a package that is asked for in another: beside it, or beside one of those around it. */
function resolve(packages: Record<string, LockedPackage>, name: string, from: string): string | undefined {
  for (let around = from; ; around = around.slice(0, Math.max(0, around.lastIndexOf("/node_modules/")))) {
    const place = `${around ? `${around}/` : ""}node_modules/${name}`;
    if (packages[place]) return place;
    if (!around) return undefined;
    if (!around.includes("/node_modules/")) around = "";
  }
}

/** 32 hexadecimal digits of a SHA-256 over name, version and integrity of some packages. */
function digestOf(packages: Record<string, LockedPackage>, places: readonly string[]): string {
  const lines = places.map((place) => {
    const { version, integrity = "" } = packages[place] as LockedPackage;
    return `${place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length)} ${version} ${integrity}\n`;
  });
  return createHash("sha256")
    .update([...new Set(lines)].sort().join(""))
    .digest("hex")
    .slice(0, 32);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync("stages.lock.json", stagesLockText());
