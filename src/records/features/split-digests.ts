import { createHash } from "node:crypto";
import type { Split } from "../format/image-folder.ts";
import { npyHeader } from "./npy.ts";

/** Digests of each split's rows as one .npy file, computed as the rows of both pass by. */
export interface SplitDigests {
  /** Takes bytes of rows, in order; a call may end within a row. */
  update(bytes: Uint8Array): void;
  /** MD5 by split, 32 hexadecimal digits: DVC's digest of the split's file. */
  digest(): Record<Split, string>;
}

/** @param counts rows of each split; the training split's come first. @param rowShape of one row, e.g. [4, 4, 512]. */
export function splitDigests(counts: Record<Split, number>, rowShape: readonly number[]): SplitDigests {
  const rowBytes = 4 * rowShape.reduce((a, b) => a * b, 1);
  const hashOf = (split: Split) => createHash("md5").update(npyHeader([counts[split], ...rowShape]));
  const hashes = { train: hashOf("train"), validation: hashOf("validation") };
  let left = counts.train * rowBytes;
  return {
    update(bytes) {
      const ofTrain = Math.min(left, bytes.length);
      hashes.train.update(bytes.subarray(0, ofTrain));
      hashes.validation.update(bytes.subarray(ofTrain));
      left -= ofTrain;
    },
    digest: () => ({ train: hashes.train.digest("hex"), validation: hashes.validation.digest("hex") }),
  };
}
