import type { ImageParams } from "../../records/features/image-params.ts";

/** The module that the model brings along, under a name that no other model uses. */
export const MODULE = "dvc_poison_picture_model";

/** What it needs beside Keras and TensorFlow. */
export const PICTURE_REQUIREMENTS = ["numpy", "pandas", "pillow"];

/** What comes out, as MLflow's signature writes it (https://mlflow.org/docs/latest/ml/model/signatures/). */
export const OUTPUTS = [
  { name: "class", type: "string", required: true },
  { name: "probability", type: "double", required: true },
  { name: "probabilities", type: "array", items: { type: "double" }, required: true },
];

/** What goes in: the bytes of a picture's file; base64 where a request is JSON. */
export const INPUTS = [{ name: "image", type: "binary", required: true }];

/** A PNG of one grey pixel: what a request looks like. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNoAAAAggCB2kUIOwAAAABJRU5ErkJggg==";

/** A request, as MLflow keeps it beside a model. */
export const PICTURE_EXAMPLE = { columns: ["image"], data: [[PIXEL]] };

/** What the module reads of the folder `data`, beside the model. */
export const pictureFile = (image: ImageParams, classes: readonly string[]): string =>
  `${JSON.stringify({ size: image.size, resize: image.resize, classes }, null, 2)}\n`;

/**
 * The pyfunc flavor of the whole network: from a picture in any format that Pillow reads to its class. Pillow makes of it what the pipeline
 * trained on (docs/equality.md says where not); preprocessing is in the network.
 */
export const PICTURE_MODULE = `"""An image classifier of dvc-poison: a picture's bytes -> its class and the probability of every class."""

import io
import json
import os

import keras
import numpy as np
import pandas as pd
from PIL import Image, ImageOps

FILTERS = {"nearest": "NEAREST", "bilinear": "BILINEAR", "bicubic": "BICUBIC", "lanczos3": "LANCZOS"}


class PictureModel:
    def __init__(self, folder):
        with open(os.path.join(folder, "picture.json"), encoding="utf-8") as file:
            picture = json.load(file)
        self.classes = picture["classes"]
        self.side = (picture["size"], picture["size"])
        self.filter = Image.Resampling[FILTERS[picture["resize"]]]
        self.network = keras.models.load_model(os.path.join(folder, "model.keras"))

    def predict(self, model_input, params=None):
        images = model_input["image"] if isinstance(model_input, pd.DataFrame) else model_input
        pixels = np.stack([self.pixels(image) for image in images])
        output = np.asarray(self.network.predict(pixels, verbose=0), dtype=np.float64)
        if output.shape[1] == 1:
            output = np.hstack([1 - output, output])
        best = output.argmax(axis=1)
        return pd.DataFrame(
            {
                "class": [self.classes[i] for i in best],
                "probability": output[np.arange(len(best)), best],
                "probabilities": output.tolist(),
            }
        )

    def pixels(self, image):
        """[side, side, 3] float32, RGB, 0-255."""
        with Image.open(io.BytesIO(image)) as opened:
            upright = ImageOps.exif_transpose(opened).convert("RGB")
        return np.asarray(upright.resize(self.side, self.filter), dtype=np.float32)


def _load_pyfunc(path):
    return PictureModel(path)
`;
