#!/usr/bin/env python3
"""Kills piaa-batch at random moments of --move-to and --copy-to between two file systems.

    kill_transfers.py PIAA_BATCH PHOTOS --other /dev/shm --kills 1000

After each kill every file is whole in one or both places, and `piaa-batch undo` gives back the folder as it was, byte by
byte, and leaves nothing of ours in the other. Ends with 1 at the first that is not so.
"""
import argparse
import hashlib
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time


def files_in(folder):
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


def fail(run, sentence):
    sys.exit(f"run {run}: {sentence}")


class Trial:
    def __init__(self, arguments, work, other):
        self.program, self.work, self.other = arguments.program, work, other
        self.template = work / "template"
        self.template.mkdir()
        photos = sorted(path for path in pathlib.Path(arguments.photos).iterdir() if path.suffix.lower() == ".jpg")
        for photo in photos[:arguments.photos_each]:
            shutil.copy(photo, self.template / photo.name)
            (self.template / (photo.name + ".pp3")).write_text(photo.name)
        if not photos:
            sys.exit(f"{arguments.photos}: has no .jpg files and should have some")
        self.there = files_in(self.template)
        self.environment = dict(os.environ, XDG_CACHE_HOME=str(work / "cache"), XDG_STATE_HOME=str(work / "state"))

    def prepare(self):
        for folder in (self.work / "in", self.other / "out", self.work / "state"):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, self.work / "in")

    def start(self, kind):
        return subprocess.Popen([self.program, "score", str(self.work / "in"), kind, str(self.other / "out"), "--quiet",
                                 "--undo-log", str(self.work / "log")],
                                env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def whole_run(self, kind):
        self.prepare()
        (self.work / "log").unlink(missing_ok=True)
        begin = time.monotonic()
        if self.start(kind).wait() != 0:
            sys.exit("a run that nobody kills fails")
        return time.monotonic() - begin

    def kill(self, run, kind, after):
        """Returns whether the run was still going on, with some files brought and some not."""
        self.prepare()
        log = self.work / "log"
        log.unlink(missing_ok=True)
        process = self.start(kind)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        killed = process.wait() == -signal.SIGKILL
        here, out = files_in(self.work / "in"), files_in(self.other / "out") if (self.other / "out").exists() else {}
        for name, content in self.there.items():
            if content not in (here.get(name), out.get(name)):
                fail(run, f"{name} is nowhere whole")
            for place in (here, out):
                if name in place and place[name] != content:
                    fail(run, f"{name} is damaged in one place")
        if log.exists():
            undo = subprocess.run([self.program, "undo", str(log)], env=self.environment, capture_output=True, text=True)
            if undo.returncode != 0:
                fail(run, f"undo says {undo.stderr}")
        if files_in(self.work / "in") != self.there:
            fail(run, "undo does not give back the folder")
        if (self.other / "out").exists() and files_in(self.other / "out"):
            fail(run, f"undo leaves {sorted(files_in(self.other / 'out'))}")
        return killed and 0 < len(out)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("photos")
    parser.add_argument("--other", default="/dev/shm", help="a folder on another file system")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--photos-each", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    random.seed(arguments.seed)
    with tempfile.TemporaryDirectory(dir=".") as here, tempfile.TemporaryDirectory(dir=arguments.other) as there:
        work, other = pathlib.Path(here).absolute(), pathlib.Path(there)
        if work.stat().st_dev == other.stat().st_dev:
            sys.exit(f"{other}: is on the same file system as the working folder and should be on another")
        trial = Trial(arguments, work, other)
        midway = 0
        trial.whole_run("--copy-to")  # fills the cache
        longest = {kind: max(trial.whole_run(kind) for _ in range(3)) for kind in ("--move-to", "--copy-to")}
        for run in range(arguments.kills):
            kind = ("--move-to", "--copy-to")[run % 2]
            midway += trial.kill(run, kind, random.uniform(0.3, 1.05) * longest[kind])
        print(f"{arguments.kills} kills, {midway} of them with some files brought: every file whole, every undo exact")


if __name__ == "__main__":
    main()
