"""What a command costs, for the benchmark.

Imports nothing heavy: Linux counts the memory of a process from before its exec, so from this program too.
"""
import csv
import os
import statistics
import subprocess
import time
from dataclasses import dataclass


@dataclass
class Cost:
    wall: float  # seconds
    cpu: float  # seconds, user and system, of the process and those it waited for
    memory: float  # MB at its peak; of several processes the largest

    def per_photo(self, start, photos):
        """Without what a run on a single photo costs."""
        return Cost((self.wall - start.wall) / (photos - 1), (self.cpu - start.cpu) / (photos - 1), self.memory)


def measure(command):
    began = time.monotonic()
    process = subprocess.Popen([str(word) for word in command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"bench: failed: {' '.join(str(word) for word in command[:6])} ...")
    return Cost(time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1000)


def seconds_to_first_row(command):
    began = time.monotonic()
    with subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE) as process:
        process.stdout.readline()  # the header
        process.stdout.readline()
        first = time.monotonic() - began
        process.stdout.read()
    return first


def scores_of(command):
    """score by photo, from CSV with or without a header."""
    text = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True).stdout
    rows = [row for row in csv.reader(text.splitlines()) if row and row[0] != "path"]
    return {row[0]: float(row[1]) for row in rows}


def summary(values, scale=1.0):
    """median (lowest to highest)"""
    values = [scale * value for value in values]
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"
