#!/usr/bin/env python3
"""Make the int8 model that Pipeline.Inference serves out of the fp32 one (post-training static quantization).

Integers stand for numbers:  number = scale * (integer - zero point)

    activations  uint8, a scale and a zero point a tensor, from what pictures of the training split reach
    weights      int8 from -64 to 64, zero point 0, a scale an output channel
    biases       int32, in steps of the input's scale times the weights'

The graph stays the fp32 one with QuantizeLinear and DequantizeLinear around its operators (the QDQ form), which ONNX
Runtime joins to integer ones: each DequantizeLinear, Conv, QuantizeLinear becomes a QLinearConv. No ReLU is left: where
the zero point is 0, there is no integer for what is negative. Pixels are integers already: the first convolution takes
them as they are. The last layer and softmax stay fp32.

Weights to 127 would be a little finer, but without VNNI instructions x86 adds two products in 16 bits: 2 * 255 * 127 does
not fit, 2 * 255 * 64 does, and the model gives the same on every processor.

Data: the .npz of train_resnet20.py; only tr, the training split, is read. A minute on one CPU core.
"""
import argparse

import numpy as np
import onnx
from onnx import helper, numpy_helper

WEIGHT_MAX = 64


def attributes(node):
    return {a.name: helper.get_attribute_value(a) for a in node.attribute}


def conv(x, w, b, strides, pads, **_):
    (stride, _), pad, (height, width) = strides, pads[0], w.shape[2:]
    x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    size = (x.shape[2] - height) // stride + 1
    reach = stride * (size - 1) + 1
    taps = (np.tensordot(w[:, :, i, j], x[:, :, i:i + reach:stride, j:j + reach:stride], (1, 1))
            for i in range(height) for j in range(width))
    return (sum(taps) + b[:, None, None, None]).transpose(1, 0, 2, 3)


OPERATORS = {
    "Transpose": lambda x, perm: x.transpose(perm),
    "Cast": lambda x, to: x.astype(np.float32),
    "Mul": lambda a, b: a * b,
    "Add": lambda a, b: a + b,
    "Conv": conv,
    "Relu": lambda x: np.maximum(x, 0),
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdims=True),
    "Flatten": lambda x, axis: x.reshape(len(x), -1),
    "Gemm": lambda x, w, b, **_: x @ w.T + b,
    "Softmax": lambda x, axis: np.exp(x) / np.exp(x).sum(axis, keepdims=True),
}


def run(graph, constants, images):
    """Every tensor of the fp32 graph, by name."""
    tensors = {**constants, graph.input[0].name: images}
    for node in graph.node:
        tensors[node.output[0]] = OPERATORS[node.op_type](*(tensors[name] for name in node.input), **attributes(node))
    return tensors


def noisy(images, rng, noise=0.08):
    """Sensor noise on half of the pictures, as in training."""
    sigma = rng.random((len(images), 1, 1, 1)) * noise * (rng.random((len(images), 1, 1, 1)) < 0.5)
    return np.clip(np.rint(images + rng.normal(0, 255, images.shape) * sigma), 0, 255).astype(np.uint8)


def fold_normalisation(first, constants):
    """Lets the first convolution take pixels p in place of scale * p + shift, and gives the pixel that stands for 0:

        w * (scale * p + shift)  =  (w * scale) * (p - zero)  +  w * (shift + scale * zero)

    A twelfth of the model's time (21 of 250 us) went into scale and shift. Only the border is not exact: its padding is
    one zero for the three colours, where it was each one's mean, 8 levels of 255 away at most.
    """
    _, w, b = first.input
    scale, shift = constants["scale"], constants["shift"]
    zero = np.uint8(np.rint((-shift / scale).mean()))
    constants[b] = constants[b] + (constants[w] * (shift + scale * zero)).sum((1, 2, 3))
    constants[w] = constants[w] * scale
    return zero


def activation_range(x):
    """The scale and zero point with which 0 to 255 reach from the smallest number to the largest, and 0 is exact."""
    low, high = min(0, x.min()), x.max()
    scale = np.float32((high - low) / 255)
    return scale, np.uint8(np.rint(-low / scale))


def quantize(model, images):
    graph = model.graph
    constants = {c.name: numpy_helper.to_array(c) for c in graph.initializer}
    tensors = run(graph, constants, images)
    nodes, initializers, scales = [], [], {}
    origin = {}                                              # of what a ReLU gave: what went into it
    first = next(node for node in graph.node if node.op_type == "Conv")
    zero_pixel = fold_normalisation(first, constants)

    def constant(name, value):
        initializers.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def integer(name):
        """That tensor, rounded."""
        if name not in scales:
            scales[name], zero = activation_range(tensors[name])
            parameters = [constant(f"{name}_scale", scales[name]), constant(f"{name}_zero", zero)]
            nodes.append(helper.make_node("QuantizeLinear", [origin.get(name, name), *parameters], [f"{name}_quantized"]))
            nodes.append(helper.make_node("DequantizeLinear", [f"{name}_quantized", *parameters], [f"{name}_rounded"]))
        return f"{name}_rounded"

    def integer_constant(name, value, scale):
        parameters = [constant(f"{name}_quantized", value), constant(f"{name}_scale", scale)]
        nodes.append(helper.make_node("DequantizeLinear", parameters, [f"{name}_rounded"], axis=0))
        return f"{name}_rounded"

    def integer_weights(x, w, b):
        weights = constants[w]
        largest = np.abs(weights).max(tuple(range(1, weights.ndim)), keepdims=True)
        scale = (largest / WEIGHT_MAX).astype(np.float32)
        step = scale.ravel() * scales[x]
        return [integer_constant(w, np.rint(weights / scale).astype(np.int8), scale.ravel()),
                integer_constant(b, np.rint(constants[b] / step).astype(np.int32), step)]

    def pixels(images, name):
        """Camera bytes, as the first convolution's input."""
        scales[name] = np.float32(1)
        parameters = [constant(f"{name}_scale", scales[name]), constant(f"{name}_zero", zero_pixel)]
        nodes.append(helper.make_node("DequantizeLinear", [images, *parameters], [f"{name}_rounded"]))

    for node in graph.node:
        kind, inputs = node.op_type, list(node.input)
        if kind == "Relu":
            origin[node.output[0]] = inputs[0]
            continue
        if kind == "Cast":
            pixels(inputs[0], first.input[0])
        if kind in ("Cast", "Mul") or first.input[0] in node.output:
            continue
        if kind == "Conv":
            inputs = [integer(inputs[0]), *integer_weights(*inputs)]
        elif kind in ("GlobalAveragePool", "Flatten") or kind == "Add":
            inputs = [integer(name) for name in inputs]
        else:
            initializers.extend(c for c in graph.initializer if c.name in inputs)
        nodes.append(helper.make_node(kind, inputs, node.output, node.name, **attributes(node)))

    quantized = helper.make_model(helper.make_graph(nodes, graph.name, graph.input, graph.output, initializers),
                                  producer_name="quantize_resnet20", ir_version=model.ir_version, opset_imports=model.opset_import)
    onnx.checker.check_model(quantized)
    return quantized


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--data", required=True)
    p.add_argument("--model", required=True, help="the fp32 model")
    p.add_argument("--out", required=True)
    p.add_argument("--images", type=int, default=512, help="pictures of the training split to choose ranges on")
    a = p.parse_args()
    rng = np.random.default_rng(20)
    training = np.load(a.data)["tr"]
    images = noisy(training[rng.choice(len(training), a.images, replace=False)], rng)
    onnx.save(quantize(onnx.load(a.model), images), a.out)


if __name__ == "__main__":
    main()
