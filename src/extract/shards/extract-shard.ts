import { Shard } from "./shard.ts";
import { makeShard } from "./make-shard.ts";
import { say } from "../../runtime/say.ts";
import { runTask } from "../../runners/run-task.ts";

/** The program that workers run: makes the shard of a number. */
await runTask("extract-shard", async (task) => {
  const { folder, key } = task as { folder: string; key: string };
  say(`extract-shard: ${key}: ${await makeShard(new Shard(folder, key))}`);
});
