"""The ONNX file's network in torch: Debian has no ONNX Runtime for Python. The same weights, operator by operator, then traced and fused."""
import onnx
import torch
from onnx import numpy_helper
from torch.nn import functional

from pipeline import HEIGHT, WIDTH

OPERATORS = {
    "Transpose": lambda x, perm: x.permute(perm),
    "Cast": lambda x, to: x.float(),
    "Mul": lambda x, y: x * y,
    "Add": lambda x, y: x + y,
    "Conv": lambda x, weight, bias, strides, pads, **_: functional.conv2d(x, weight, bias, strides, pads[:2]),
    "Relu": lambda x: functional.relu(x),
    "GlobalAveragePool": lambda x: x.mean((2, 3), keepdim=True),
    "Flatten": lambda x, axis: x.flatten(axis),
    "Gemm": lambda x, weight, bias, **_: functional.linear(x, weight, bias),
    "Softmax": lambda x, axis: functional.softmax(x, axis),
}


class Network(torch.nn.Module):
    def __init__(self, graph):
        super().__init__()
        self.weights = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in graph.initializer}
        self.nodes = [(node.op_type, list(node.input), node.output[0], {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute})
                      for node in graph.node]

    def forward(self, images):
        values = {**self.weights, "images": images}
        for operator, inputs, output, attributes in self.nodes:
            values[output] = OPERATORS[operator](*(values[name] for name in inputs), **attributes)
        return values["probabilities"]


def load(path, batch):
    """Takes uint8 N x 32 x 32 x 3, gives float32 N x 10."""
    network = Network(onnx.load(path).graph).eval()
    with torch.inference_mode():
        traced = torch.jit.trace(network, torch.zeros(batch, HEIGHT, WIDTH, 3, dtype=torch.uint8))
        return torch.jit.optimize_for_inference(torch.jit.freeze(traced))
