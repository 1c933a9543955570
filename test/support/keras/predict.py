"""What Keras predicts with the models of a folder: python predict.py FOLDER REQUESTS.json ANSWERS.json

Each request: {"model": "model.keras", or weights for the top model: "model.weights.h5", "inputs": file of float32, "shape": of one input}
"""

import json
import os
import pathlib
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np
from keras import layers


def load(file, shape, hidden, outputs, unit):
    if file.suffix == ".keras":
        return keras.models.load_model(file)
    model = keras.Sequential(
        [
            keras.Input(shape),
            layers.Flatten(),
            *([layers.UnitNormalization()] if unit else []),
            layers.Dense(hidden, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax"),
        ]
    )
    model.load_weights(file)
    return model


folder, requests, answers = map(pathlib.Path, sys.argv[1:])
said = []
for request in json.loads(requests.read_text()):
    inputs = np.fromfile(folder / request["inputs"], "float32").reshape(-1, *request["shape"])
    model = load(folder / request["model"], request["shape"], request.get("hidden"), request.get("outputs"), request.get("unit"))
    said.append(
        {
            "probabilities": np.ravel(model(inputs, training=False)).tolist(),
            "layers": [layer.name for layer in model.layers],
            "trainable": sum(int(np.prod(w.shape)) for w in model.trainable_weights),
        }
    )
answers.write_text(json.dumps(said))
