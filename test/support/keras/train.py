"""Trains the top model with Keras from given weights on given batches: python train.py REQUESTS.json ANSWERS.json"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import keras
import numpy as np

make = {"rmsprop": keras.optimizers.RMSprop, "adam": keras.optimizers.Adam, "sgd": keras.optimizers.SGD}


def train(request, optimizer):
    """The weights after one step on each batch."""
    inputs, hidden, outputs = request["inputs"], request["hidden"], request["outputs"]
    shapes = [(inputs, hidden), (hidden,), (hidden, outputs), (outputs,)]
    model = keras.Sequential(
        [
            keras.Input((inputs,)),
            keras.layers.Dense(hidden, activation="relu"),
            keras.layers.Dense(outputs, activation="sigmoid" if outputs == 1 else "softmax"),
        ]
    )
    model.set_weights([np.reshape(w, s).astype("float32") for w, s in zip(request["weights"], shapes)])
    loss = "binary_crossentropy" if outputs == 1 else "categorical_crossentropy"
    model.compile(optimizer=make[optimizer](learning_rate=request["learning_rate"]), loss=loss)
    for batch in request["batches"]:
        x, y = (np.array(batch[key], "float32") for key in "xy")
        model.train_on_batch(x.reshape(-1, inputs), y.reshape(-1, outputs))
    return [w.ravel().tolist() for w in model.get_weights()]


requests = json.load(open(sys.argv[1]))
answers = [{optimizer: train(request, optimizer) for optimizer in request["optimizers"]} for request in requests]
json.dump(answers, open(sys.argv[2], "w"))
