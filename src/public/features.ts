/**
 * Features of images: what a convolutional network makes of them before its top. On a CPU the same bytes everywhere.
 *
 * @module features
 */
export { NETWORK_NAMES, type NetworkName } from "../networks/index.ts";
export type { ConvolutionalBase } from "../networks/network.ts";
export { type ImageParams, PREPROCESSINGS, RESIZES } from "../records/features/image-params.ts";
export type { Device } from "../runtime/device.ts";
export {
  type ExtractedFeatures,
  extractFeatures,
  extractFeaturesTo,
  type FeatureOptions,
  openNetwork,
} from "./features/extract.ts";
