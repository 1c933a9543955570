import { StageError } from "../runtime/errors.ts";
import type { Network } from "./network.ts";
import { vgg16 } from "./vgg16/vgg16.ts";

/** All networks by their names, which `base` in params.yaml takes: one folder of this one each. */
export const NETWORKS = { vgg16 } satisfies Record<string, Network>;

/** The name of a network. */
export type NetworkName = keyof typeof NETWORKS;

/** The names, in the order in which people read them. */
export const NETWORK_NAMES = Object.keys(NETWORKS) as [NetworkName, ...NetworkName[]];

/**
 * The name as one that this version knows.
 * @param where the file that says it, for the message.
 * @throws StageError for another: the file was written by a version that knows more networks.
 */
export function networkName(name: string, where: string): NetworkName {
  if (Object.hasOwn(NETWORKS, name)) return name as NetworkName;
  throw new StageError(`${where}: the network is "${name}"; known are ${NETWORK_NAMES.join(", ")}.`, {
    hint: "Use the version of dvc-poison that wrote the file, or write it anew.",
  });
}
