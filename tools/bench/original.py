"""The two steps of the Keras original, written as people write them. Each prints what it took, without imports, as JSON.

python original.py extract IMAGES WEIGHTS SIZE OUT [caffe]  ImageDataGenerator and VGG16.predict, batches of 10
python original.py train FEATURES LABELS EPOCHS SEED        fit of the top model, batches of 10

WEIGHTS: VGG16's tensors one after the other, float32; FEATURES: a folder as extract-bottleneck writes it.
"""

import csv
import json
import os
import sys
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras
import numpy as np
import tensorflow
from keras import layers
from keras.src.legacy.preprocessing.image import ImageDataGenerator  # Keras 3 keeps it out of its public names

BATCH = 10


def extract(images, weights, size, out, preprocess="rescale"):
    size, values, tensors = int(size), np.fromfile(weights, "float32"), []
    base = keras.applications.VGG16(include_top=False, weights=None)
    for weight in base.get_weights():
        tensors.append(values[: weight.size].reshape(weight.shape))
        values = values[weight.size :]
    base.set_weights(tensors)
    caffe = preprocess == "caffe"
    how = {"preprocessing_function": keras.applications.vgg16.preprocess_input} if caffe else {"rescale": 1.0 / 255}
    count, start = 0, time.perf_counter()
    for split in ("train", "validation"):
        flow = ImageDataGenerator(**how).flow_from_directory(
            f"{images}/{split}", target_size=(size, size), batch_size=BATCH, class_mode=None, shuffle=False
        )
        np.save(f"{out}_{split}.npy", base.predict(flow, verbose=0))
        with open(f"{out}_{split}.json", "w") as file:
            json.dump([f"{split}/{name}" for name in flow.filenames], file)
        count += flow.samples
    return {"images": count, "seconds": time.perf_counter() - start}


def train(features, labels, epochs, seed):
    keras.utils.set_random_seed(int(seed))
    with open(labels, newline="") as file:
        label = {row["image"]: row["label"] for row in csv.DictReader(file)}
    classes = sorted(set(label.values()))
    data = {}
    with open(f"{features}/index.json") as file:
        index = json.load(file)
    x = np.concatenate([np.load(f"{features}/{part['file']}") for part in index["parts"]])
    for split in ("train", "validation"):
        rows = [i for i, image in enumerate(index["images"]) if image.startswith(f"{split}/")]
        y = np.array([classes.index(label[index["images"][i]]) for i in rows])
        data[split] = x[rows], y
    two = len(classes) == 2
    model = keras.Sequential(
        [
            keras.Input(data["train"][0].shape[1:]),
            layers.Flatten(),
            layers.Dense(256, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(1 if two else len(classes), activation="sigmoid" if two else "softmax"),
        ]
    )
    loss = "binary_crossentropy" if two else "sparse_categorical_crossentropy"
    model.compile(optimizer="rmsprop", loss=loss, metrics=["accuracy"])
    start = time.perf_counter()
    history = model.fit(
        *data["train"], epochs=int(epochs), batch_size=BATCH, validation_data=data["validation"], verbose=0
    ).history
    seconds = time.perf_counter() - start
    return {"seconds": seconds, **{name: values[-1] for name, values in history.items()}}


answer = {"extract": extract, "train": train}[sys.argv[1]](*sys.argv[2:])
print(json.dumps({**answer, "versions": f"Keras {keras.__version__}, TensorFlow {tensorflow.__version__}"}))
