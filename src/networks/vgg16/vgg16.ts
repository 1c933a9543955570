import type { Network } from "../network.ts";
import { tensorsOf } from "../weights.ts";
import table from "./digests.json" with { type: "json" };

/** VGG16 of Simonyan and Zisserman (2015), configuration D, trained on ImageNet, without its top: `keras.applications.VGG16(include_top=False)`. */
export const vgg16: Network = {
  describe: "VGG16, trained on ImageNet (https://arxiv.org/abs/1409.1556)",
  blocks: [2, 2, 3, 3, 3],
  preprocess: "caffe",
  tensors: tensorsOf(table.tensors),
};
