#!/usr/bin/python3
"""Whether GIMP and piaa-batch say the same of the same photos: score, best crop and heatmap.

Usage: gimp_agreement.py BUILD SERIES WORK [--user me.pt] PHOTO...
BUILD: a build folder with the filter for that series of GIMP (2 or 3). Photos with a colour profile are left out.
"""
import argparse
import json
import pathlib
import subprocess

import numpy
from PIL import Image

GRID = 96  # cells along the longer side on which maps are compared

SCHEME = """
(define port (open-output-file "{work}/answers"))
(define (judge photo name width height)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE photo photo)))
         (layer (car (gimp-image-get-active-layer image)))
         (answer (plug-in-aesthetic-crop RUN-NONINTERACTIVE image layer "{user}" "{kind}" TRUE 100 "" 5 "none" "none" "nothing" 1
                                          "auto" "judge" TRUE FALSE))
         (group (vector-ref (cadr (gimp-image-get-layers image)) 0))
         (map (vector-ref (cadr (gimp-item-get-children group)) 0))
         (copy (car (gimp-image-new (car (gimp-image-width image)) (car (gimp-image-height image)) RGB)))
         (alone (car (gimp-layer-new-from-drawable map copy))))
    (gimp-image-insert-layer copy alone 0 0)
    (gimp-image-scale copy width height)
    (file-png-save RUN-NONINTERACTIVE copy alone name name 0 1 0 0 0 0 0)
    (for-each (lambda (i) (display (list-ref answer i) port) (display " " port)) '(0 2 3 4 5))
    (newline port)
    (gimp-image-delete copy)
    (gimp-image-delete image)))
"""

PYTHON = """
import gi
gi.require_version("Gimp", "3.0")
from gi.repository import Gimp, Gio
port = open("{work}/answers", "w")
def judge(photo, name, width, height):
    image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path(photo))
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
    config = procedure.create_config()
    for key, value in dict(image=image, profile="{user}", map="{kind}", opacity=100.0).items():
        config.set_property(key, value)
    config.set_property("run-mode", Gimp.RunMode.NONINTERACTIVE)
    config.set_property("crops-as", "none")
    config.set_core_object_array("drawables", [image.get_layers()[0]])
    result = procedure.run(config)
    copy = Gimp.Image.new(image.get_width(), image.get_height(), Gimp.ImageBaseType.RGB)
    alone = Gimp.Layer.new_from_drawable(image.get_layers()[0].get_children()[0], copy)
    copy.insert_layer(alone, None, 0)
    copy.scale(width, height)
    Gimp.file_save(Gimp.RunMode.NONINTERACTIVE, copy, Gio.File.new_for_path(name), None)
    port.write(" ".join(str(result.index(i)) for i in (1, 3, 4, 5, 6)) + "\\n")
    port.flush()
    copy.delete()
    image.delete()
"""


def grid_of(photo):
    with Image.open(photo) as image:
        scale = GRID / max(image.size)
        return [max(1, round(side * scale)) for side in image.size]


def run_gimp(series, build, work, user, photos):
    """Judges all photos in one GIMP; leaves `answers` and a heatmap of each in the work folder."""
    kind = "personal" if user else "generic"
    profile = pathlib.Path(__file__).resolve().parent.parent / "plugin" / "gimp_profile.sh"
    setup = (f'. "{profile}"; new_profile "{work}" "{build}/gimp{series}" '
             f'"$(pkg-config --variable=gimplibdir gimp-{series}.0)" script-fu python-eval file-jpeg file-png; ')
    script = work / ("all.scm" if series == "2" else "all.py")
    lines = []
    for i, photo in enumerate(photos):
        width, height = grid_of(photo)
        name = work / f"map{i}.png"
        lines.append(f'(judge "{photo}" "{name}" {width} {height})' if series == "2"
                     else f'judge("{photo}", "{name}", {width}, {height})')
    head = (SCHEME if series == "2" else PYTHON).format(work=work, user=user, kind=kind)
    body = head + "\n".join(lines) + ("\n(close-output-port port)\n" if series == "2" else "\nport.close()\n")
    if series == "2":
        start = (f"GIMP2_DIRECTORY={work}/profile gimp-console -i -d -f -s --batch-interpreter plug-in-script-fu-eval "
                 f"-b '(load \"{script}\")' -b '(gimp-quit 0)'")
    else:
        start = (f"GIMP3_DIRECTORY={work}/profile gimp-console-3.0 -i -d -f -s --quit "
                 f"--batch-interpreter=python-fu-eval -b \"exec(open('{script}').read(), globals())\"")
    subprocess.run(["sh", "-c", setup + f"cat >'{script}'; {start} >'{work}/log' 2>&1"], input=body, text=True)
    answers = [[float(word) for word in line.split()] for line in (work / "answers").read_text().splitlines()]
    if len(answers) != len(photos):
        raise SystemExit(f"GIMP answered {len(answers)} of {len(photos)} photos; see {work}/log")
    return answers


def strengths(picture):
    """The map's values from the colours of its layer: orange raises, blue lowers, opaque is strong."""
    rgba = numpy.asarray(Image.open(picture).convert("RGBA"), float)
    sign = numpy.where(rgba[..., 0] >= rgba[..., 2], 1, -1)
    return sign * (rgba[..., 3] / 255) ** (1 / 0.7)


def overlap(a, b):
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    both = max(0, width) * max(0, height)
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def ask_batch(build, command, user, photos):
    options = ["--user", user] if user else []
    answer = subprocess.run([build / "bin/piaa-batch", command, *photos, *options, "--format", "json", "--quiet"],
                            capture_output=True, text=True, check=True).stdout
    return {record["path"]: record for record in json.loads(answer)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("series", choices=["2", "3"])
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--user", default="")
    parser.add_argument("photos", nargs="+")
    options = parser.parse_args()
    build, work = options.build.resolve(), options.work.resolve()
    photos = [photo for photo in options.photos if b"ICC_PROFILE" not in pathlib.Path(photo).read_bytes()]
    answers = run_gimp(options.series, build, work, options.user, photos)
    scores = ask_batch(build, "score", options.user, photos)
    crops = ask_batch(build, "crop", options.user, photos)

    print(f"{'photo':44} {'GIMP':>6} {'batch':>6} {'apart':>6} {'crop IoU':>8} {'map r':>6}")
    apart, overlaps, correlations = [], [], []
    for i, photo in enumerate(photos):
        width, height = grid_of(photo)
        kind = [options.user, "personal"] if options.user else []
        text = subprocess.run([build / "bin/photo_map", photo, str(width), str(height), *kind], capture_output=True,
                              text=True, check=True).stdout
        here = numpy.array([[float(word) for word in line.split()] for line in text.splitlines()])
        there = strengths(work / f"map{i}.png")
        box = crops[photo]["crops"][0]["box"]
        apart.append(abs(answers[i][0] - scores[photo]["score"]))
        overlaps.append(overlap(answers[i][1:], [box[side] for side in "xywh"]))
        correlations.append(numpy.corrcoef(here.ravel(), there.ravel())[0, 1])
        print(f"{pathlib.Path(photo).name[-44:]:44} {answers[i][0]:6.3f} {scores[photo]['score']:6.3f} {apart[-1]:6.3f} "
              f"{overlaps[-1]:8.3f} {correlations[-1]:6.3f}")
    print(f"{len(photos)} photos: score apart by {numpy.median(apart):.3f} in the median, {numpy.percentile(apart, 99):.3f} at "
          f"the 99th percentile; crop IoU {numpy.median(overlaps):.3f} in the median, {min(overlaps):.3f} at least; map "
          f"correlation {numpy.median(correlations):.4f} in the median, {min(correlations):.4f} at least")


if __name__ == "__main__":
    main()
