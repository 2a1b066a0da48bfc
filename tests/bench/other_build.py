"""piaa-batch of this build beside that of another: the same photos and model, interleaved."""
import statistics
import tempfile

from measurement import measure, scores_of, summary

# What the build of commit 12f767b is to be beaten by.
AIMS = {("CPU", "progressive"): "4", ("memory", "progressive"): "4", ("CPU", "heic"): "3"}


def costs_of(batch, photos, small_photo):
    """What a photo costs in two jobs, at the peak memory of one job; and that peak on a photo that is small."""
    start = measure(batch + photos[:1])
    cost = measure(batch + ["--jobs", "2"] + photos).per_photo(start, len(photos))
    cost.memory = measure(batch + ["--jobs", "1"] + photos[:8]).memory
    return cost, measure(batch + [small_photo]).memory


def compare(bench, other, title, name, photos, rounds):
    theirs = [other] + bench.batch[1:]
    runs = [(costs_of(bench.batch, photos, bench.small_photo), costs_of(theirs, photos, bench.small_photo))
            for _ in range(rounds)]
    print(f"\n## {title}: this build beside the other, {len(photos)} photos, {rounds} rounds, median (range)\n")
    print("| | photos/s | CPU ms a photo | peak MB, 1 job | the same, of a small photo |\n|---|---|---|---|---|")
    for build, side in (("this build", 0), ("other build", 1)):
        costs = [run[side] for run in runs]
        print(f"| {build} | {summary([1 / cost.wall for cost, _ in costs])} "
              f"| {summary([cost.cpu for cost, _ in costs], 1000)} | {max(cost.memory for cost, _ in costs):.0f} "
              f"| {min(least for _, least in costs):.0f} |")
    print()
    for what, part in (("CPU", "cpu"), ("wall", "wall")):
        ratio = statistics.median(getattr(old[0], part) / getattr(new[0], part) for new, old in runs)
        bench.report(f"{what}, other build / this build, {name}", f"{ratio:.2f}", AIMS.get((what, name), ""))
    new, old = (statistics.median(run[side][0].memory - run[side][1] for run in runs) for side in (0, 1))
    bench.report(f"memory that a photo adds, other build / this build, {name}", f"{old:.0f} MB / {new:.0f} MB",
                 AIMS.get(("memory", name), ""))
    ours, before = scores_of(bench.batch + photos), scores_of(theirs + photos)
    differences = sorted(abs(ours[photo] - before[photo]) for photo in before)
    bench.report(f"score, median and largest difference between the builds, {name}",
                 f"{statistics.median(differences):.3f}, {differences[-1]:.3f}", "0.02, 0.05")


def compare_commands(bench, other, name, photos, rounds):
    """CPU per photo of what else looks at photos small."""
    with tempfile.TemporaryDirectory() as folder:
        commands = {"crop": ["crop", "--aspect", "1:1"], "pick": ["pick", "--no-cache"],
                    "score --report": ["score", "--no-cache", "--report", f"{folder}/report.html"]}
        for command, words in commands.items():
            words = words + ["--quiet", "--format", "csv", "--model", bench.model]
            ratios = []
            for _ in range(rounds):
                new, old = (measure([batch] + words + photos).per_photo(measure([batch] + words + photos[:1]),
                                                                        len(photos)).cpu
                            for batch in (bench.batch[0], other))
                ratios.append(old / new)
            bench.report(f"CPU, other build / this build, `{command}`, {name}", summary(ratios), "")
