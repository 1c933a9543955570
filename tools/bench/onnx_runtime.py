"""VGG16 without its top in ONNX Runtime: python onnx_runtime.py IMAGES WEIGHTS SIZE. Prints what it took as JSON.

Batches of 32 as ours, pictures loaded with Pillow as Keras loads them. WEIGHTS as for original.py.
"""

import json
import pathlib
import sys
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from PIL import Image

BATCH = 32
CHANNELS = [64, 64, "pool", 128, 128, "pool", *[256] * 3, "pool", *[512] * 3, "pool", *[512] * 3, "pool"]


def network(values):
    """The network as an ONNX model, images [n, 3, size, size] → features [n, 512, size/32, size/32]."""
    nodes, weights, name, channels = [], [], "images", 3
    for i, layer in enumerate(CHANNELS):
        if layer == "pool":
            nodes.append(helper.make_node("MaxPool", [name], [f"x{i}"], kernel_shape=[2, 2], strides=[2, 2]))
        else:
            hwio = values[: 9 * channels * layer].reshape(3, 3, channels, layer)
            bias = values[hwio.size : hwio.size + layer]
            values = values[hwio.size + layer :]
            oihw = np.ascontiguousarray(hwio.transpose(3, 2, 0, 1))
            weights += [numpy_helper.from_array(oihw, f"w{i}"), numpy_helper.from_array(bias, f"b{i}")]
            nodes.append(helper.make_node("Conv", [name, f"w{i}", f"b{i}"], [f"c{i}"], pads=[1, 1, 1, 1]))
            nodes.append(helper.make_node("Relu", [f"c{i}"], [f"x{i}"]))
            channels = layer
        name = f"x{i}"
    tensor = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, [None] * 4)
    graph = helper.make_graph(nodes, "vgg16", [tensor("images")], [tensor(name)], weights)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8).SerializeToString()


def load(file, size):
    with Image.open(file) as image:
        pixels = np.asarray(image.convert("RGB").resize((size, size), Image.NEAREST), "float32")
    return pixels.transpose(2, 0, 1) / 255


def main(images, weights, size):
    session = onnxruntime.InferenceSession(network(np.fromfile(weights, "float32")))
    files = sorted(file for file in pathlib.Path(images).glob("*/*/*") if file.is_file())
    start, features = time.perf_counter(), []
    for first in range(0, len(files), BATCH):
        batch = np.stack([load(file, int(size)) for file in files[first : first + BATCH]])
        features += session.run(None, {"images": batch})
    np.concatenate(features)
    seconds = time.perf_counter() - start
    print(json.dumps({"images": len(files), "seconds": seconds, "versions": f"ONNX Runtime {onnxruntime.__version__}"}))


main(*sys.argv[1:])
