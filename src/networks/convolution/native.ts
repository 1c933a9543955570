import { createRequire } from "node:module";
import { damage, isDamaged } from "../../runtime/built-addon.mjs";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";
import type { ConvolutionalBase } from "../network.ts";
import { findAddon, sourcesDigest } from "./addon.mjs";
import type { ConvolutionLayer, Network } from "./network.ts";

/** What cpp/addon.cpp exports. */
interface Addon {
  /** SHA-256 of the sources that it was compiled from. */
  sources: string;
  /** The builds that this processor runs, the fastest first. */
  builds: string[];
  create(build: string, description: Int32Array, threads: number): Handle;
  load(handle: Handle, layer: number, filter: Float32Array, bias: Float32Array): Promise<void>;
  run(handle: Handle, images: Float32Array, n: number, features: Float32Array): Promise<void>;
  close(handle: Handle): void;
}
type Handle = { readonly __convolution: never };

const SETUP = `Build it anew: ${commandLine("setup")}`;

/** Loads the addon. @throws StageError when it was compiled from other sources than are here, or cannot be loaded. */
export function loadAddon(file: string): Addon {
  if (isDamaged(file)) throw new StageError(damage(file), { hint: SETUP });
  let addon: Addon;
  try {
    addon = createRequire(import.meta.url)(file);
  } catch (cause) {
    throwSystemError(cause);
    const hint = `Delete it and build it anew: rm '${file}' && ${commandLine("setup")}`; // the set-up leaves alone what is there
    throw new StageError(`${file} cannot be loaded: ${(cause as Error).message}`, { hint, cause });
  }
  if (addon.sources === sourcesDigest()) return addon;
  throw new StageError(`${file} was not built from the sources of the convolutions that are here.`, { hint: SETUP });
}

/**
 * The network in the addon. Where there is none, or none for this processor, nothing, unless it is required.
 * @throws StageError as {@link loadAddon} does.
 */
export async function loadNative(
  { description, size, channels, share, rowShape }: Network,
  layers: readonly ConvolutionLayer[],
  threads: number,
  { isa, required }: { isa: string | undefined; required: boolean },
): Promise<ConvolutionalBase | undefined> {
  const file = findAddon();
  const addon = file === undefined ? undefined : loadAddon(file);
  const build = isa === undefined ? addon?.builds[0] : addon?.builds.find((name) => name === isa);
  if (!addon || build === undefined) {
    if (!required) return undefined;
    if (!addon) throw new StageError("The native addon of the convolutions is not built.", { hint: SETUP });
    const others = addon.builds.map((name) => `native-${name}`).join(", ");
    throw new StageError(`This processor runs no build ${isa ?? ""} of the convolutions.`, {
      hint: `Unset POISON_DEVICE, or set it to ${others || "wasm"}.`,
    });
  }
  const handle = addon.create(build, description, threads);
  await Promise.all(layers.map(({ filter, bias }, i) => addon.load(handle, i, filter, bias)));
  const [image, row] = [size * size * channels, rowShape[0] * rowShape[1] * rowShape[2]];
  let closed = false;
  return {
    name: `native ${build}, ${threads} ${threads === 1 ? "thread" : "threads"}`,
    backend: "cpu",
    rowShape,
    batch: share * threads,
    async features(images, n) {
      if (closed || images.length < n * image) throw new RangeError("closed, or too few images");
      const features = new Float32Array(n * row);
      if (n > 0) await addon.run(handle, images, n, features);
      return features;
    },
    close() {
      closed = true;
      addon.close(handle);
    },
  };
}
