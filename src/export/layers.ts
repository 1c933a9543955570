/** float32 values and their shape. */
export interface Weight {
  name: "kernel" | "bias";
  values: Float32Array;
  shape: number[];
}

/** A layer of a model, from which every file that describes the model is made. Names and settings are Keras's. */
export interface Layer {
  class_name:
    | "Rescaling"
    | "Conv2D"
    | "MaxPooling2D"
    | "GlobalAveragePooling2D"
    | "Flatten"
    | "UnitNormalization"
    | "Dense"
    | "Dropout"
    | "Reshape"
    | "Conv1D"
    | "LayerNormalization";
  name: string;
  /** Shape of one input. */
  input: number[];
  /** Settings that differ from Keras's defaults: what is left out, older versions read too. */
  config: Record<string, unknown>;
  /** Kernel, then bias; nothing for a layer that learns nothing. */
  weights: Weight[];
}

/** Stated, because Keras would else take it from the user's `keras.json`. */
export const DATA_FORMAT = "channels_last";
