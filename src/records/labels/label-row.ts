import { z } from "zod";
import { open } from "../format/check.ts";
import { SPLITS } from "../format/image-folder.ts";

/** What a row of the label table must hold; it may hold more. */
export const labelRowSchema = open({
  image: z.string().describe("path from the data set's root, `train/cats/cat.1.jpg`: unique"),
  split: z.enum(SPLITS, `it must be ${SPLITS.join(" or ")}`),
  label: z.string().min(1).describe("the class that training believes"),
  true_label: z.string().min(1).describe("the class that is true: the folder in which the image lies"),
});

/** A row of the label table: what training believes beside what is true. It may hold values of further columns. */
export type LabelRow = z.infer<typeof labelRowSchema>;
