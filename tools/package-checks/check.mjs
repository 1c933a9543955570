/*
 * Prints what publint and Are the types wrong? find in the tarball that POISON_TARBALL names, as a line of JSON. Run in the folder where
 * their packages are installed: `node --input-type=module < check.mjs`.
 */
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";

const data = new Uint8Array(readFileSync(process.env.POISON_TARBALL ?? ""));
const { messages } = await publint({ pack: { tarball: data.slice().buffer } });
const { problems, entrypoints } = await checkPackage(createPackageFromTarballData(data));
console.log(JSON.stringify({ messages, problems, entrypoints: Object.keys(entrypoints) }));
