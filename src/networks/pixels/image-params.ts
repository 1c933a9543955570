/** How an image is brought to its size: Pillow's names. */
export const RESIZES = ["nearest", "bilinear", "lanczos3"] as const;

/** How pixels 0–255 become a network's input: `rescale` is x/255, `caffe` is BGR minus the mean of ImageNet. */
export const PREPROCESSINGS = ["rescale", "caffe"] as const;

/** What a network sees of an image file: the section `image` of params.yaml. */
export interface ImageParams {
  /** Width and height, px. */
  size: number;
  resize: (typeof RESIZES)[number];
  preprocess: (typeof PREPROCESSINGS)[number];
}
