/*
 * Runs test files in the order in which they are named, so many at a time, where `node --test` would sort them:
 *   node [OPTION of node --test]… scripts/test/run-files.mjs FILES-AT-A-TIME FILE…
 * Node hands the options on to the process of each file; a reporter is for this one.
 */
import { resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const [concurrency, ...files] = process.argv.slice(2);
run({ files: files.map((file) => resolve(file)), concurrency: Number(concurrency) })
  .on("test:fail", ({ todo }) => {
    if (todo === undefined) process.exitCode = 1;
  })
  .compose(new spec())
  .pipe(process.stdout);
