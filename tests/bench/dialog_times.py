#!/usr/bin/python3
"""How long a person waits for the dialog inside GIMP, on a virtual screen: a photo of 24 megapixels, from the plug-in's
start to its window, from there to the first map, from a rating to the new map. dialog_bench measures the same without
GIMP, which is the engine's part. Both series of GIMP, so both versions of GTK.

Usage: dialog_times.py BUILD SERIES WORK PHOTO [--rounds N]
BUILD: a build folder with the filter for that series of GIMP (2 or 3). Needs Xvfb and xdotool.
"""
import argparse
import datetime
import os
import pathlib
import re
import statistics
import subprocess
import time

WIDTH, HEIGHT = 6000, 4000
WANTED = {"dialog": 0.5, "first map, after it": 1.0, "rating to map": 0.3}
PATIENCE = 180  # seconds

SCHEME = """
(define image (car (gimp-file-load RUN-NONINTERACTIVE "{photo}" "{photo}")))
(gimp-image-scale image {width} {height})
(gimp-display-new image)
(define (ask)
  (catch 'cancelled
    (plug-in-aesthetic-crop RUN-INTERACTIVE image (car (gimp-image-get-active-layer image)) "" "generic" TRUE 60 "" 5
                            "none" "none" "nothing" 1 "auto" "judge" TRUE FALSE)))
(let loop ((round 0)) (if (< round {rounds}) (begin (ask) (loop (+ round 1)))))
"""

PYTHON = """
from gi.repository import Gimp, Gio
image = Gimp.file_load(Gimp.RunMode.NONINTERACTIVE, Gio.File.new_for_path("{photo}"))
image.scale({width}, {height})
Gimp.Display.new(image)
for _ in range({rounds}):
    procedure = Gimp.get_pdb().lookup_procedure("plug-in-aesthetic-crop")
    config = procedure.create_config()
    config.set_property("run-mode", Gimp.RunMode.INTERACTIVE)
    config.set_property("image", image)
    config.set_core_object_array("drawables", [image.get_layers()[0]])
    procedure.run(config)
"""


def start_screen():
    """A virtual screen and its name."""
    reader, writer = os.pipe()
    screen = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
                              pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        return screen, ":" + answer.readline().strip()


def start_gimp(options, display):
    work = options.work.resolve()
    tests = pathlib.Path(__file__).resolve().parent.parent / "plugin"
    script = work / ("all.scm" if options.series == "2" else "all.py")
    setup = (f'. "{tests}/gimp_profile.sh"; new_profile "{work}" "{options.build.resolve()}/gimp{options.series}" '
             f'"$(pkg-config --variable=gimplibdir gimp-{options.series}.0)" script-fu python-eval file-jpeg; cat >"{script}"; ')
    if options.series == "2":
        start = (f'GIMP2_DIRECTORY={work}/profile exec gimp -n -d -f -s --batch-interpreter plug-in-script-fu-eval '
                 f'-b \'(load "{script}")\'')
    else:
        setup += (f'printf \'(config-version "%s")\\n(show-welcome-dialog no)\\n\' "$(pkg-config --modversion gimp-3.0)" '
                  f'>>"{work}/profile/gimprc"; ')
        start = (f'GIMP3_DIRECTORY={work}/profile exec gimp-3.0 -n -d -f -s --batch-interpreter=python-fu-eval '
                 f'-b "exec(open(\'{script}\').read(), globals())"')
    environment = os.environ | {"DISPLAY": display, "G_MESSAGES_DEBUG": "all", "NO_AT_BRIDGE": "1"}
    gimp = subprocess.Popen(["sh", "-c", f'{setup}{start} >"{work}/log" 2>&1'], stdin=subprocess.PIPE, text=True, env=environment)
    body = (SCHEME if options.series == "2" else PYTHON).format(
        photo=options.photo.resolve(), width=WIDTH, height=HEIGHT, rounds=options.rounds)
    gimp.stdin.write(body)
    gimp.stdin.close()
    return gimp


def events(log):
    """What the plug-in said of its window, with the seconds of the day."""
    if not log.exists():
        return []
    lines = re.findall(r"aesthetic-crop:\d+\).*?: (\d+:\d+:\d+\.\d+): (started|window drawn|waiting|answer shown)",
                       log.read_text(errors="replace"))
    return [(word, (datetime.datetime.strptime(at, "%H:%M:%S.%f") - datetime.datetime(1900, 1, 1)).total_seconds())
            for at, word in lines]


def next_event(log, word, after):
    """The place and time of the first such event from that place on."""
    for _ in range(PATIENCE * 20):
        for place, (said, at) in enumerate(events(log)):
            if place >= after and said == word:
                return place, at
        time.sleep(0.05)
    raise SystemExit(f"waited {PATIENCE} s in vain for '{word}'; see {log}")


def press(display, key):
    environment = os.environ | {"DISPLAY": display}
    for _ in range(20):  # a tip that closes meanwhile ends xdotool's search
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "^Aesthetic Crop$"], env=environment,
                               capture_output=True, text=True).stdout.split()
        if found:
            subprocess.run(["xdotool", "windowfocus", "--sync", found[-1], "key", key], env=environment, check=True)
            return
        time.sleep(0.25)
    raise SystemExit("the dialog's window is not found")


def measure(log, display, rounds):
    times = {name: [] for name in WANTED}
    place = 0
    for _ in range(rounds):
        place, began = next_event(log, "started", place)
        place, drawn = next_event(log, "window drawn", place)
        place, shown = next_event(log, "answer shown", place)
        time.sleep(3)  # until each crop has its score too
        place = len(events(log))
        press(display, "5")
        place, rated = next_event(log, "waiting", place)
        place, anew = next_event(log, "answer shown", place)
        for name, seconds in zip(WANTED, (drawn - began, shown - drawn, anew - rated)):
            times[name].append(seconds)
        press(display, "Escape")
    return times


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("series", choices=["2", "3"])
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("photo", type=pathlib.Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    screen, display = start_screen()
    gimp = start_gimp(options, display)
    try:
        times = measure(options.work.resolve() / "log", display, options.rounds)
    finally:
        gimp.kill()
        screen.terminate()
    print(f"GIMP {options.series}, {WIDTH} x {HEIGHT} pixels, seconds of {options.rounds} rounds at a load of {os.getloadavg()[0]:.1f} "
          f"on {os.cpu_count()} cores")
    print(f"{'':24} {'least':>7} {'median':>7} {'longest':>7} {'wanted':>7}")
    for name, seconds in times.items():
        print(f"{name:24} {min(seconds):7.2f} {statistics.median(seconds):7.2f} {max(seconds):7.2f} {WANTED[name]:7.2f}")


if __name__ == "__main__":
    main()
