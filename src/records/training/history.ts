import { z } from "zod";
import { checked, open, share } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";

/** Mean cross-entropy, nats. JSON has no NaN: the loss of a training that diverged is null. */
const loss = z.number().min(0).nullable();

const epochSchema = open({ epoch: z.int().min(1), loss, accuracy: share, val_loss: loss, val_accuracy: share });

/** What one epoch came to. As in Keras, training figures are means over the epoch's batches, with dropout. */
export type EpochMetrics = z.infer<typeof epochSchema>;

/** plots/history.json: loss and accuracy by epoch, from epoch 1 to the last one. */
export const historyFile = jsonFile(
  checked(z.array(epochSchema).min(1), (history) => {
    const i = history.findIndex(({ epoch }, i) => epoch !== i + 1);
    return i < 0 ? undefined : [[i, "epoch"], `the epochs must be 1, 2, 3, … in this order`];
  }),
  { stage: "train-top", rows: true },
);
