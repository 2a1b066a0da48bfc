"""Makes the photos of the benchmark once: camera-like JPEGs of 12 and 24 megapixels and 3 to 6 MB, and some of
them in other formats.

Each is a part of a real photograph, enlarged, with the noise of a sensor. Seeded: the same photos every time.
photos.py FOLDER SOURCE...
"""
import io
import random
import subprocess
import sys
from pathlib import Path

import numpy
from PIL import Image

MEGABYTE = 1_000_000
SETS = {"baseline": 100, "progressive": 24, "24mp": 24, "p3": 24}
HEICS = 6
# What a folder of everything looks like: in turn these formats, as libvips names and writes them.
MIXED = [".jpg", ".png[compression=6]", ".jpg", ".webp[Q=85]", ".jpg", ".tif[compression=lzw]", ".jpg",
         ".heic[Q=60,effort=0]"]
ORIENTATION_TAG, TURNED = 0x0112, 6


def sensor_noise(seed):
    """Grain that is stronger in luminance than in colour, as demosaicing and a camera's filter leave it."""
    random_numbers = numpy.random.default_rng(seed)
    luminance = random_numbers.normal(size=(1024, 1024, 1))
    return (luminance + 0.4 * random_numbers.normal(size=(1024, 1024, 3))).astype(numpy.float32)


def part_of(photo, size, chance):
    """A part of the photograph of the wanted shape, at most 2.5 times smaller than wanted where it can be."""
    aspect = size[0] / size[1]
    largest = min(photo.width, photo.height * aspect)
    width = min(largest, max(size[0] / 2.5, largest * chance.uniform(0.6, 1)))
    height = width / aspect
    x, y = chance.uniform(0, photo.width - width), chance.uniform(0, photo.height - height)
    return photo.resize(size, Image.BICUBIC, box=(x, y, x + width, y + height))


def camera_jpeg(picture, noise, smallest, largest, **options):
    """The picture with as much noise as brings its file to a camera's size."""
    pixels = numpy.asarray(picture, numpy.float32)
    repeats = (-(-pixels.shape[0] // 1024), -(-pixels.shape[1] // 1024), 1)
    grain = numpy.tile(noise, repeats)[: pixels.shape[0], : pixels.shape[1]]
    strength = 3.0
    for _ in range(6):
        noisy = numpy.clip(pixels + strength * grain, 0, 255).astype(numpy.uint8)
        file = io.BytesIO()
        Image.fromarray(noisy).save(file, "JPEG", quality=90, **options)
        if file.tell() < smallest:
            strength *= 1.4
        elif file.tell() > largest:
            strength *= 0.6
        else:
            break
    return file.getvalue()


def make_photos(sources, folder):
    """Fills folder/baseline, /progressive, /24mp and /p3; leaves what is there."""
    folder = Path(folder)
    noise = sensor_noise(1)
    for name, count in SETS.items():
        (folder / name).mkdir(parents=True, exist_ok=True)
        for i in range(count):
            target = folder / name / f"{i:03}.jpg"
            if target.exists():
                continue
            chance = random.Random(f"{name}{i}")
            photo = Image.open(sources[i % len(sources)]).convert("RGB")
            size = (6000, 4000) if name == "24mp" else (4000, 3000)
            exif = Image.Exif()
            if i % 10 == 9:  # every tenth is held upright
                exif[ORIENTATION_TAG] = TURNED
            scale = 2 if name == "24mp" else 1
            data = camera_jpeg(part_of(photo, size, chance), noise, 3 * scale * MEGABYTE, 5 * scale * MEGABYTE,
                               progressive=name == "progressive", exif=exif)
            partial = target.with_suffix(".partial.jpg")
            partial.write_bytes(data)
            if name == "p3":
                converted = target.with_suffix(".p3.jpg")
                subprocess.run(["vips", "icc_transform", partial, f"{converted}[Q=90]", "p3",
                                "--input-profile", "srgb"], check=True)
                converted.replace(partial)
            partial.replace(target)


def convert(source, target, options=""):
    if not target.exists():
        partial = target.with_name("partial-" + target.name)
        subprocess.run(["vips", "copy", source, f"{partial}{options}"], check=True)
        partial.replace(target)


def make_other_formats(folder):
    """Fills folder/heic and folder/mixed from folder/baseline; leaves what is there."""
    folder = Path(folder)
    for name in ("heic", "mixed"):
        (folder / name).mkdir(exist_ok=True)
    for i in range(HEICS):
        convert(folder / "baseline" / f"{i:03}.jpg", folder / "heic" / f"{i:03}.heic", "[Q=60,effort=0]")
    for i in range(24):
        suffix, _, options = MIXED[i % len(MIXED)].partition("[")
        target = folder / "mixed" / f"{i:03}{suffix}"
        if suffix == ".jpg":
            if not target.exists():
                target.hardlink_to(folder / "baseline" / f"{i:03}.jpg")
        else:
            convert(folder / "baseline" / f"{i:03}.jpg", target, f"[{options}")


if __name__ == "__main__":
    make_photos(sys.argv[2:], sys.argv[1])
    make_other_formats(sys.argv[1])
