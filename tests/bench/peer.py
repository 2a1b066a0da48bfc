"""What one would write in Python without this project: torch and PIL, one photo after the other.

The same network, weights, head and input size as a model file of ours; prints path,score lines.
peer.py --model FILE [--tuned] [--processes N] PHOTO...
"""
import argparse
import json
import math
import multiprocessing
import struct

import numpy
import torch
from PIL import Image, ImageOps
from torch import nn
from torch.nn import functional

# Repeats, kernel, stride, expansion, channels of each stage.
STAGES = {
    "efficientnet-lite0": [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
                           (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)],
    "efficientnet-lite2": [(1, 3, 1, 1, 16), (3, 3, 2, 6, 24), (3, 5, 2, 6, 48), (4, 3, 2, 6, 88),
                           (4, 5, 1, 6, 120), (5, 5, 2, 6, 208), (1, 3, 1, 6, 352)]}


def read_safetensors(file):
    with open(file, "rb") as source:
        header = json.loads(source.read(struct.unpack("<Q", source.read(8))[0]))
        data = source.read()
    types = {"F16": numpy.float16, "F32": numpy.float32}
    metadata = header.pop("__metadata__")
    return metadata, {
        name: torch.from_numpy(numpy.frombuffer(data[slice(*entry["data_offsets"])], types[entry["dtype"]])
                               .astype(numpy.float32).reshape(entry["shape"]))
        for name, entry in header.items()}


class Convolution(nn.Module):
    """Convolution, batch normalisation and activation, with TensorFlow's padding."""

    def __init__(self, tensors, name, kernel=1, stride=1, depthwise=False, activation=True):
        super().__init__()
        weight = tensors[name + ".weight"]
        outputs = weight.shape[0]
        inputs = outputs if depthwise else weight.shape[1]
        self.kernel, self.stride, self.activation = kernel, stride, activation
        normalised = name + ".bias" not in tensors
        self.convolution = nn.Conv2d(inputs, outputs, kernel, stride, 0 if stride > 1 else kernel // 2,
                                     groups=inputs if depthwise else 1, bias=not normalised)
        self.convolution.weight.data = weight
        self.norm = nn.Identity()
        if normalised:
            self.norm = nn.BatchNorm2d(outputs, eps=1e-3)
            self.norm.weight.data, self.norm.bias.data = tensors[name + ".norm.weight"], tensors[name + ".norm.bias"]
            self.norm.running_mean, self.norm.running_var = (tensors[name + ".norm.mean"],
                                                             tensors[name + ".norm.variance"])
        else:
            self.convolution.bias.data = tensors[name + ".bias"]

    def forward(self, x):
        if self.stride > 1:
            margins = []
            for size in (x.shape[3], x.shape[2]):
                total = max((-(-size // self.stride) - 1) * self.stride + self.kernel - size, 0)
                margins += [total // 2, total - total // 2]
            x = functional.pad(x, margins)
        x = self.norm(self.convolution(x))
        return functional.relu6(x) if self.activation else x


class Block(nn.Module):
    def __init__(self, tensors, name, kernel, stride, expansion, residual):
        super().__init__()
        layers = [Convolution(tensors, name + ".expand")] if expansion != 1 else []
        layers += [Convolution(tensors, name + ".depthwise", kernel, stride, depthwise=True),
                   Convolution(tensors, name + ".project", activation=False)]
        self.layers, self.residual = nn.Sequential(*layers), residual

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


class Network(nn.Module):
    """Gives the map of every stage, as the model file counts them."""

    def __init__(self, architecture, tensors):
        super().__init__()
        self.stem = Convolution(tensors, "backbone.stem", 3, 2)
        self.stages, channels, index = nn.ModuleList(), 32, 0
        for repeats, kernel, stride, expansion, out in STAGES[architecture]:
            blocks = []
            for i in range(repeats):
                blocks.append(Block(tensors, f"backbone.{index}", kernel, stride if i == 0 else 1, expansion,
                                    residual=(stride == 1 or i > 0) and channels == out))
                channels, index = out, index + 1
            self.stages.append(nn.Sequential(*blocks))
        self.stages.append(Convolution(tensors, "backbone.head"))

    def forward(self, x):
        x, maps = self.stem(x), []
        for stage in self.stages:
            x = stage(x)
            maps.append(x)
        return maps


class Peer:
    def __init__(self, model_file, tuned):
        self.tuned = tuned
        self.metadata, self.tensors = read_safetensors(model_file)
        architecture = self.metadata["architecture"]
        if architecture not in STAGES:
            raise SystemExit(f"peer.py: {model_file} is no {' or '.join(STAGES)}")
        self.preprocessing = json.loads(self.metadata["preprocessing"])
        self.network = Network(architecture, self.tensors).eval()
        self.layout = torch.channels_last if tuned else torch.contiguous_format
        self.network.to(memory_format=self.layout)
        if tuned:
            torch.set_num_threads(1)

    def input_size(self, width, height):
        rule = self.preprocessing
        if "side" in rule:
            return rule["side"], rule["side"]
        stretch = math.sqrt(min(max(width / height, 1 / rule["max_aspect"]), rule["max_aspect"]))
        return tuple(max(1, math.floor(side / rule["multiple"] + 0.5)) * rule["multiple"]
                     for side in (rule["area"] * stretch, rule["area"] / stretch))

    def network_input(self, file):
        """The photo upright at the network's size: decoded whole, or with PIL's draft mode when tuned."""
        photo = Image.open(file)
        turned = photo.getexif().get(0x0112, 1) >= 5
        size = self.input_size(*(reversed(photo.size) if turned else photo.size))
        stored = size[::-1] if turned else size
        if self.tuned:
            photo.draft("RGB", (int(1.7 * stored[0]), int(1.7 * stored[1])))
        exif = photo.getexif()
        photo = photo.convert("RGB").resize(stored, Image.BOX)
        photo.info["exif"] = exif.tobytes()
        return ImageOps.exif_transpose(photo)

    def score(self, file):
        pixels = torch.from_numpy(numpy.array(self.network_input(file))).permute(2, 0, 1)[None].float()
        mean, deviation = (torch.tensor(self.preprocessing[key]).view(1, 3, 1, 1) for key in ("mean", "std"))
        with torch.inference_mode():
            maps = self.network(((pixels - mean) / deviation).contiguous(memory_format=self.layout))
        chosen = [maps[i] for i in json.loads(self.metadata["stages"])]
        pooled = torch.cat([part for m in chosen
                            for part in (m.mean((0, 2, 3)), (m.var((0, 2, 3), unbiased=False) + 1e-6).sqrt())])
        return self.rating((pooled - self.tensors["feature.mean"]) / self.tensors["feature.deviation"])

    def rating(self, features):
        """The expected rating, on the scale 1 to 10."""
        mean = float(features @ self.tensors["head.mean.weight"] + self.tensors["head.mean.bias"])
        slope, intercept = self.tensors["calibration"].tolist()
        low, high = json.loads(self.metadata["scale"])
        margin = (high - low) / 100
        mean = min(max(slope * mean + intercept, low + margin), high - margin)
        return 1 + 9 * (mean - low) / (high - low)


def start_process(model_file, tuned):
    global peer
    peer = Peer(model_file, tuned)


def score_in_process(file):
    return file, peer.score(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True)
    parser.add_argument("--tuned", action="store_true")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("photos", nargs="+")
    options = parser.parse_args()
    if options.processes == 1:
        start_process(options.model, options.tuned)
        results = map(score_in_process, options.photos)
    else:
        pool = multiprocessing.Pool(options.processes, start_process, (options.model, options.tuned))
        results = pool.imap(score_in_process, options.photos, chunksize=4)
    for file, score in results:
        print(f"{file},{score:.4f}", flush=True)


if __name__ == "__main__":
    main()
