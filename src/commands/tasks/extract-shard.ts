import { makeShard } from "../../extract/shards/make-shard.ts";
import { Shard } from "../../extract/shards/shard.ts";
import { NETWORKS, type NetworkName } from "../../networks/index.ts";
import { loadBase } from "../../networks/load-base.ts";
import { say } from "../../runtime/say.ts";
import { loadWeights } from "../../weights/find.ts";
import { runTask } from "./run-task.ts";

/** The network ready to run; a function of its own, so that the weights as they were read are forgotten. */
const load = async (name: NetworkName, size: number) => loadBase(NETWORKS[name], await loadWeights(name), size);

await runTask("extract-shard", async (task) => {
  const { folder, key } = task as { folder: string; key: string };
  say(`extract-shard: ${key}: ${await makeShard(new Shard(folder, key), load)}`);
});
