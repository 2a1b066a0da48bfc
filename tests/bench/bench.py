"""Speed of piaa-batch beside the decoding floor and two Python peers, on the same photos, in one run.

bench.py --programs build/release/bin --photos FOLDER [--rounds 3] [--many 1000] [--other PIAA_BATCH]
         [--parts race,cache,...]
Ends with one table of all ratios, as CONTRIBUTING.md shows it.
Imports nothing heavy: Linux counts the memory of a process from before its exec, so from this program too.
"""
import argparse
import json
import os
import statistics
import struct
import subprocess
import tempfile
import time
from collections import defaultdict
from pathlib import Path

import other_build
from measurement import measure, scores_of, seconds_to_first_row, summary

HERE = Path(__file__).parent
RAW_FILES = 8


def write_wide_model(model, target, side=384):
    """The same model, but for photos of 384 pixels: its scores mean nothing, its speed does."""
    data = model.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    preprocessing = json.loads(header["__metadata__"]["preprocessing"])
    preprocessing.update(id=f"area{side}", area=side)
    header["__metadata__"]["preprocessing"] = json.dumps(preprocessing)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    target.write_bytes(struct.pack("<Q", len(text)) + text + data[8 + length:])


def make_raw_files(programs, photos, folder):
    """Fills folder/raw, with a preview as cameras embed it, and folder/sensor, without; leaves what is there."""
    for name, preview_width in (("raw", 1620), ("sensor", 0)):
        (folder / name).mkdir(exist_ok=True)
        for photo in photos[:RAW_FILES]:
            target = folder / name / f"{photo.stem}.dng"
            if not target.exists():
                partial = target.with_name("partial-" + target.name)
                subprocess.run([programs / "camera_raw", photo, partial, str(preview_width)], check=True)
                partial.replace(target)


class Bench:
    def __init__(self, programs, model, wide_model):
        peer = ["/usr/bin/python3", HERE / "peer.py", "--model", model]
        score = [programs / "piaa-batch", "score", "--quiet", "--format", "csv", "--model", model]
        batch = score + ["--no-cache"]
        self.ratios = []  # (what, measured, aim), of all parts
        self.score = score
        self.batch = batch
        self.programs = programs
        self.model = model
        self.contestants = {
            "piaa-batch, 2 jobs": batch + ["--jobs", "2"],
            "piaa-batch, 1 job": batch + ["--jobs", "1"],
            "piaa-batch, 2 jobs, 384 pixels": batch + ["--jobs", "2", "--model", wide_model],
            "decoding floor, 2 threads": [programs / "decode_floor", "2"],
            "decoding floor, 1 thread": [programs / "decode_floor", "1"],
            "plain peer": peer,
            "tuned peer": peer + ["--tuned"],
            "tuned peer, 2 processes": peer + ["--tuned", "--processes", "2"],
        }

    def compare_outputs(self, photos):
        print(f"## The same work? {len(photos)} photos\n", flush=True)
        ours = scores_of(self.contestants["piaa-batch, 2 jobs"] + photos)
        for name in ("plain peer", "tuned peer"):
            theirs = scores_of(self.contestants[name] + photos)
            differences = sorted(abs(ours[str(photo)] - theirs[str(photo)]) for photo in photos)
            print(f"- score difference to the {name}: median {statistics.median(differences):.4f}, "
                  f"largest {differences[-1]:.4f}", flush=True)
        subprocess.run(["/usr/bin/python3", HERE / "compare_pixels.py", self.model, self.programs / "network_input",
                        *photos[:10]], check=True)

    def race(self, title, photos, rounds, names):
        """Interleaved rounds; prints a table and returns the costs per photo by contestant."""
        starts, costs = defaultdict(list), defaultdict(list)
        for _ in range(rounds):
            for name in names:
                start = measure(self.contestants[name] + photos[:1])
                starts[name].append(start)
                costs[name].append(measure(self.contestants[name] + photos).per_photo(start, len(photos)))
        print(f"\n## {title}: {len(photos)} photos, {rounds} rounds, median (range)\n")
        print("| | photos/s | CPU ms a photo | peak MB | one photo, s |\n|---|---|---|---|---|")
        for name, runs in costs.items():
            print(f"| {name} | {summary([1 / run.wall for run in runs])} | {summary([run.cpu for run in runs], 1000)} "
                  f"| {max(run.memory for run in runs):.0f} | {statistics.median(s.wall for s in starts[name]):.2f} |",
                  flush=True)
        return costs

    def report_targets(self, costs):
        def ratio(other, ours, what):
            return statistics.median(getattr(a, what) / getattr(b, what) for a, b in zip(costs[other], costs[ours]))

        ours = "piaa-batch, 2 jobs"
        print("\n## Targets, baseline 12 megapixels (median of the ratios within a round)\n")
        self.report("wall, plain Python peer / piaa-batch", f"{ratio('plain peer', ours, 'wall'):.2f}", "6")
        self.report("wall, tuned peer / piaa-batch", f"{ratio('tuned peer', ours, 'wall'):.2f}", "2.5")
        self.report("wall, tuned peer in 2 processes / piaa-batch",
                    f"{ratio('tuned peer, 2 processes', ours, 'wall'):.2f}", "")
        self.report("CPU, plain peer / piaa-batch", f"{ratio('plain peer', ours, 'cpu'):.2f}", "4")
        self.report("CPU, tuned peer / piaa-batch", f"{ratio('tuned peer', ours, 'cpu'):.2f}", "2.2")
        self.report("rate, of what decoding alone allows",
                    f"{100 * ratio('decoding floor, 2 threads', ours, 'wall'):.0f} %", "50 %")
        self.report("wall, 1 job / 2 jobs", f"{ratio('piaa-batch, 1 job', ours, 'wall'):.2f}", "1.85")

    def report(self, what, measured, aim):
        """A line now, and a row of the table at the end."""
        print(f"- {what}: {measured}" + (f" (target {aim})" if aim else ""), flush=True)
        self.ratios.append((what, measured, aim))

    def report_table(self):
        if self.ratios:
            print("\n## All ratios\n\n| | ratio | aim |\n|---|---|---|")
            for row in self.ratios:
                print("| " + " | ".join(row) + " |", flush=True)

    def report_start(self, photos, rounds):
        first = [seconds_to_first_row(self.batch + photos) for _ in range(rounds)]
        help_text = [measure([self.programs / "piaa-batch", "--help"]).wall for _ in range(rounds)]
        print(f"- first score after {statistics.median(first):.2f} s (target 1 s); "
              f"--help in {statistics.median(help_text):.3f} s (target 0.1 s)")

    def report_latency(self, photos):
        """One photo at a time through standard input, each answered before the next is given."""
        command = self.batch[:2] + ["-", "--quiet", "--format", "jsonl", "--no-cache", "--model", self.model]
        times = []
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            for photo in photos:
                began = time.monotonic()
                process.stdin.write(f"{photo}\n".encode())
                process.stdin.flush()
                process.stdout.readline()
                times.append(1000 * (time.monotonic() - began))
            process.stdin.close()
        print(f"- one photo at a time through standard input: the first after {times[0]:.0f} ms, then "
              f"{summary(times[1:])} ms")

    def report_cache(self, photos, count=1000):
        """A first run over different files, and a second one over the same."""
        one = measure(self.batch + photos[:1]).wall
        with tempfile.TemporaryDirectory(dir=photos[0].parent.parent) as folder:
            for i in range(count):
                # What comes after the end of a JPEG is not looked at, but makes it another file.
                file = Path(folder) / f"{i:06}.jpg"
                file.write_bytes(photos[i % len(photos)].read_bytes() + str(i).encode())
                os.utime(file, (1_700_000_000, 1_700_000_000))
            command = self.score + ["--cache", Path(folder) / "cache.sqlite", folder]
            first = (measure(command).wall - one) / (count - 1)
            again = statistics.median(measure(command).wall for _ in range(3))
            verified = measure(command + ["--verify-content"]).wall
            size = (Path(folder) / "cache.sqlite").stat().st_size / count
        print(f"- first run: {1 / first:.1f} photos/s without its start\n"
              f"- second run: {again:.2f} s in all, {count / again:.0f} photos/s\n"
              f"- with --verify-content: {verified:.2f} s in all\n- size: {size / 1000:.1f} kB a photo", flush=True)
        self.report(f"rate, second run over {count:,} different unchanged photos / first run",
                    f"{first * count / again:.0f}", "50")

    def report_taste(self, photos, rounds):
        """Learning a person from photos, and scoring with what was learned."""
        print(f"\n## Taste: {len(photos)} photos, {rounds} rounds\n")
        with tempfile.TemporaryDirectory() as folder:
            ratings, profile = Path(folder) / "ratings.csv", Path(folder) / "me.pt"
            rows = [f"{photo.resolve()},{1 + i * 7 % 5}" for i, photo in enumerate(photos)]
            ratings.write_text("\n".join(["image,rating"] + rows) + "\n")
            adapt = [self.programs / "piaa-batch", "adapt", "--quiet", "--no-cache", "--jobs", "2",
                     "--ratings", ratings, "--images", folder, "--output", profile, "--model", self.model]
            learning = [measure(adapt) for _ in range(rounds)]
            costs = {"score": [], "score --user": []}
            for _ in range(rounds):
                costs["score"].append(measure(self.batch + photos))
                costs["score --user"].append(measure(self.batch + ["--user", profile] + photos))
        print(f"- adapt, 2 jobs: {summary([c.wall for c in learning])} s (target 6 s for 100), "
              f"CPU {summary([c.cpu for c in learning])} s")
        more = [personal.cpu / plain.cpu for plain, personal in zip(costs["score"], costs["score --user"])]
        self.report("CPU, `score --user` / `score`", f"{statistics.median(more):.2f}", "1.1 at most")

    def report_crops(self, photos, rounds):
        """Whole runs of `crop` beside libvips' smart crop: the same files, interleaved, start included and apart."""
        crop = [self.programs / "piaa-batch", "crop", "--quiet", "--format", "csv", "--model", self.model,
                "--aspect", "1:1"]
        twelve = [word for i in range(12) for word in ("--aspect", f"{5 + 2 * i}:10")]
        with tempfile.TemporaryDirectory(dir=photos[0].parent.parent) as folder:
            vips = ["vipsthumbnail", "--smartcrop", "attention", "--output", f"{folder}/%s.jpg"]
            contestants = {
                "piaa-batch crop": crop,
                "piaa-batch crop, 1 job": crop + ["--jobs", "1"],
                "piaa-batch crop --no-faces": crop + ["--no-faces"],
                "piaa-batch crop, twelve aspects": crop[:-2] + twelve,
                "vipsthumbnail --smartcrop attention": vips,
            }
            runs = defaultdict(list)
            for _ in range(rounds):
                for name, command in contestants.items():
                    runs[name].append((measure(command + photos[:1]), measure(command + photos)))
        print(f"\n## Crops: {len(photos)} photos, {rounds} rounds, median (range)\n")
        print("| | photos/s, start included | photos/s, without | CPU ms a photo, without |\n|---|---|---|---|")
        per_photo = {name: [run.per_photo(one, len(photos)) for one, run in costs] for name, costs in runs.items()}
        for name, costs in runs.items():
            print(f"| {name} | {summary([len(photos) / run.wall for _, run in costs])} "
                  f"| {summary([1 / cost.wall for cost in per_photo[name]])} "
                  f"| {summary([cost.cpu for cost in per_photo[name]], 1000)} |")
        peer = runs["vipsthumbnail --smartcrop attention"]
        for name in ("piaa-batch crop", "piaa-batch crop --no-faces"):
            ratio = statistics.median(theirs.wall / ours.wall for (_, theirs), (_, ours) in zip(peer, runs[name]))
            self.report(f"photos a second, `{name}` / `vipsthumbnail --smartcrop attention`", f"{ratio:.2f}", "1")
        twelve_to_one = statistics.median(
            many.cpu / one.cpu
            for many, one in zip(per_photo["piaa-batch crop, twelve aspects"], per_photo["piaa-batch crop"]))
        print(f"- CPU, twelve aspects / one, decoding included: {twelve_to_one:.2f}")
        # After decoding, on one core: network, maps and search.
        micro = json.loads(subprocess.run(
            [self.programs / "micro_bench", "--benchmark_filter=photo_to_crops", "--benchmark_format=json",
             "--benchmark_repetitions=5", "--benchmark_enable_random_interleaving=true"],
            check=True, stdout=subprocess.PIPE, text=True).stdout)
        times = {entry["name"]: entry["cpu_time"] for entry in micro["benchmarks"] if entry["name"].endswith("_median")}
        one, many = times["photo_to_crops/1_median"], times["photo_to_crops/12_median"]
        print(f"- network and search over more than 1,000 candidates: {one:.1f} ms on one core (target 40 ms)\n"
              f"- CPU, twelve aspects / one, after decoding: {many / one:.2f} (target 1.5)", flush=True)

    def report_memory(self, photos, many):
        """Peak memory on folders of different small photos, each ten times the size of the last."""
        small = self.small_photo.read_bytes()
        with tempfile.TemporaryDirectory(dir=photos[0].parent.parent) as folder:
            peaks = []
            for count in [count for count in (100, 1_000, 10_000, 100_000) if count <= many]:
                for i in range(count):
                    file = Path(folder) / f"{i // 1000:03}" / f"{i:06}.jpg"
                    file.parent.mkdir(exist_ok=True)
                    if not file.exists():
                        # What comes after the end of a JPEG is not looked at, but makes it another file.
                        file.write_bytes(small + str(i).encode())
                cost = measure(self.batch + [folder])
                peaks.append(f"{cost.memory:.0f}")
                print(f"- peak memory: {peaks[-1]} MB at {count:,} ({count / cost.wall:.1f} photos/s)", flush=True)
        self.report(f"peak memory in MB, 100 to {many:,} small photos", ", ".join(peaks), "400, flat")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=HERE.parent.parent / "models" / "lite.safetensors")
    parser.add_argument("--photos", type=Path, required=True, help="where the photos are, or are made")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--many", type=int, default=1_000, help="size of the largest folder for peak memory")
    parser.add_argument("--other", type=Path, help="the piaa-batch of another build, for the part of that name")
    parser.add_argument("sources", nargs="+", type=Path, help="real photographs that the photos are made from")
    parser.add_argument("--parts", default=",".join(PARTS), help="which parts to run (default: %(default)s)")
    options = parser.parse_args()
    options.photos = options.photos.absolute()  # vipsthumbnail takes other paths as beside its input
    parts = options.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    if "other" in parts and options.other is None:
        parts.remove("other")

    subprocess.run(["/usr/bin/python3", HERE / "photos.py", options.photos, *options.sources], check=True)
    make_raw_files(options.programs, sorted((options.photos / "baseline").glob("???.*")), options.photos)
    sets = {folder.name: sorted(folder.glob("???.*")) for folder in options.photos.iterdir() if folder.is_dir()}
    wide_model = options.photos / "wide.safetensors"
    write_wide_model(options.model, wide_model)
    bench = Bench(options.programs, options.model, wide_model)
    bench.small_photo = options.photos / "small.jpg"
    subprocess.run(["vipsthumbnail", sets["baseline"][0], "--size", "320", "--output", bench.small_photo], check=True)
    for part in parts:
        PARTS[part](bench, sets, options)
    bench.report_table()


# Each part stands alone: bench, the sets of photos by name, the options.
def same_work(bench, sets, _):
    bench.compare_outputs(sets["baseline"])


def race(bench, sets, options):
    costs = bench.race("Baseline JPEG, 12 megapixels", sets["baseline"], options.rounds, bench.contestants)
    bench.report_targets(costs)


def start(bench, sets, options):
    print("\n## Start and one photo at a time\n")
    bench.report_start(sets["baseline"], options.rounds)
    bench.report_latency(sets["baseline"][:30])


def cache(bench, sets, _):
    print("\n## The cache, 1,000 different files of 12 megapixels\n")
    bench.report_cache(sets["baseline"])


def taste(bench, sets, options):
    bench.report_taste(sets["baseline"], options.rounds)


def crop(bench, sets, options):
    bench.report_crops(sets["baseline"], options.rounds)


def formats(bench, sets, options):
    few = ["piaa-batch, 2 jobs", "decoding floor, 2 threads", "plain peer", "tuned peer"]
    for name, title in (("progressive", "Progressive, 12 megapixels"), ("24mp", "Baseline, 24 megapixels"),
                        ("p3", "Display P3, 12 megapixels")):
        bench.race(title, sets[name], options.rounds, few)
    for name, title in (("mixed", "JPEG, PNG, WebP, TIFF and HEIC in turn, 12 megapixels"),
                        ("heic", "HEIC, 12 megapixels"), ("raw", "RAW by its embedded preview, 12 megapixels"),
                        ("sensor", "RAW by its sensor's pixels, 12 megapixels")):
        bench.race(title, sets[name], options.rounds, few[:1])


def other(bench, sets, options):
    for name, title in (("baseline", "Baseline JPEG"), ("progressive", "Progressive JPEG"), ("heic", "HEIC")):
        other_build.compare(bench, options.other, title, name, sets[name][:24], options.rounds)
    other_build.compare_commands(bench, options.other, "progressive", sets["progressive"], options.rounds)


def memory(bench, sets, options):
    print("\n## Memory\n")
    bench.report_memory(sets["baseline"], options.many)


PARTS = {"same": same_work, "race": race, "start": start, "cache": cache, "taste": taste, "crop": crop,
         "formats": formats, "other": other, "memory": memory}

if __name__ == "__main__":
    main()
