/*
 * Brings the code dependencies in dvc.yaml up to date: each stage depends on its program and on every module that it imports.
 *   node --import tsx tools/wire.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseDocument, type YAMLSeq } from "yaml";
import { importClosure } from "./import-closure.ts";

const document = parseDocument(readFileSync("dvc.yaml", "utf8"));
const { stages } = document.toJS() as { stages: Record<string, { cmd: string; deps?: string[] }> };
for (const [name, { cmd, deps = [] }] of Object.entries(stages)) {
  const program = /stages\/\S+\.ts/.exec(cmd)?.[0] as string;
  const data = deps.filter((path) => !/^(stages|src)\//.test(path));
  document.setIn(["stages", name, "deps"], document.createNode([...importClosure(program), ...data]) as YAMLSeq);
}
writeFileSync("dvc.yaml", document.toString({ lineWidth: 140 }));
