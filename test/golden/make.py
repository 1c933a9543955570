"""Writes test/golden/features.json: what Keras makes of the pictures beside it. Run from the project's folder:

.venv/bin/python test/golden/make.py WEIGHTS.h5

The pictures are from the Kaggle set tongpython/cat-and-dog (CC0).
"""

import hashlib
import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

folder = pathlib.Path(__file__).parent
SIZE, EVERY = 150, 61
base = keras.applications.VGG16(include_top=False, weights=sys.argv[1], input_shape=(SIZE, SIZE, 3))
golden = {"made_with": f"keras {keras.__version__}", "size": SIZE, "every": EVERY, "images": {}}
for file in sorted(folder.glob("*.jpg")):
    pixels = np.array(keras.utils.load_img(file, target_size=(SIZE, SIZE), interpolation="nearest"))
    entry = {"pixels_sha256": hashlib.sha256(pixels.tobytes()).hexdigest()}
    for mode in ("rescale", "caffe"):
        x = pixels.astype("float32")[None]
        x = x * (1.0 / 255) if mode == "rescale" else keras.applications.vgg16.preprocess_input(x)
        features = base.predict(x, verbose=0).ravel()
        # Every 61st value (61 is prime to 512 channels, so all are met), and what catches the others.
        entry[mode] = {
            "mean": float(features.mean(dtype="float64")),
            "mean_square": float((features.astype("float64") ** 2).mean()),
            "values": [float(f"{v:.7g}") for v in features[::EVERY]],
        }
    golden["images"][file.name] = entry
(folder / "features.json").write_text(json.dumps(golden, indent=1) + "\n")
