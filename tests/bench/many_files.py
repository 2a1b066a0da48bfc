"""Whether memory, descriptors and order hold over very many files, each with an inode and a content of its own.

many_files.py --programs build/release/bin --work FOLDER [--files 100000] [--model NAME] [--no-cache]
Prints what the process took in each fifth of the run. The files show a few hundred small pictures in turn.
"""
import argparse
import io
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numpy
from PIL import Image

DIFFERENT = 300  # pictures
FOLDERS = 100


def make_pictures():
    """JPEGs of 160x120 pixels."""
    chance = numpy.random.default_rng(1)
    pictures = []
    for _ in range(DIFFERENT):
        coarse = Image.fromarray(chance.integers(0, 256, (6, 8, 3), numpy.uint8))
        file = io.BytesIO()
        coarse.resize((160, 120), Image.BICUBIC).save(file, "JPEG", quality=80)
        pictures.append(file.getvalue())
    return pictures


def make_files(folder, count):
    pictures = make_pictures()
    for i in range(count):
        into = folder / f"{i % FOLDERS:02}"
        into.mkdir(parents=True, exist_ok=True)
        # What comes after the end of a JPEG is not looked at, but makes it another file.
        (into / f"{i:06}.jpg").write_bytes(pictures[i * 7 % DIFFERENT] + str(i).encode())


def sample(process):
    """Resident memory in MB, and how many descriptors are open; nothing when the process has ended."""
    try:
        pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6, len(os.listdir(f"/proc/{process.pid}/fd"))
    except (OSError, IndexError):
        return None


def watch(command, rows_file):
    """Runs the command with its rows going to a file; each sample with how far the file was."""
    samples = []
    with open(rows_file, "wb") as rows:
        began = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdout=rows)
        while process.poll() is None:
            taken = sample(process)
            if taken and taken[0] > 0:
                samples.append((rows_file.stat().st_size, *taken))
            time.sleep(0.05)
    if process.returncode != 0:
        sys.exit(f"many_files: exit code {process.returncode}")
    return time.monotonic() - began, samples


def report(title, count, seconds, samples, rows_file):
    text = rows_file.read_text()
    paths = [line.split(",", 1)[0] for line in text.splitlines()[1:]]
    print(f"\n{title}: {count:,} files in {seconds:.1f} s ({count / seconds:.0f}/s)")
    for fifth in range(5):
        part = [s for s in samples if fifth <= 5 * s[0] / (len(text) + 1) < fifth + 1 and s[0] > 0]
        if part:
            print(f"- rows {fifth * 20:2} to {fifth * 20 + 20} %: at most {max(s[1] for s in part):.0f} MB, "
                  f"{min(s[2] for s in part)} to {max(s[2] for s in part)} descriptors")
    print(f"- {len(paths):,} rows, {'in' if paths == sorted(paths) else 'NOT IN'} path order, "
          f"{len(set(paths)):,} different", flush=True)
    return text


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True, help="a folder that is made and removed")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--model", help="a model's name; by default the one that piaa-batch takes")
    parser.add_argument("--no-cache", action="store_true")
    options = parser.parse_args()
    options.work.mkdir(parents=True)
    try:
        make_files(options.work / "photos", options.files)
        score = [options.programs / "piaa-batch", "score", "--quiet", "--format", "csv", options.work / "photos"]
        if options.model:
            score += ["--model", options.model]
        if options.no_cache:
            rows = options.work / "rows.csv"
            report("every file decoded", options.files, *watch(score + ["--no-cache"], rows), rows)
        else:
            texts = []
            for run in ("first run with the cache", "second run", "second run, one job"):
                rows = options.work / "rows.csv"
                command = score + ["--cache", options.work / "cache.sqlite"]
                command += ["--jobs", "1"] if "one job" in run else []
                texts.append(report(run, options.files, *watch(command, rows), rows))
            print(f"- the rows of the three runs are {'the same' if len(set(texts)) == 1 else 'NOT THE SAME'}")
    finally:
        shutil.rmtree(options.work)


if __name__ == "__main__":
    main()
