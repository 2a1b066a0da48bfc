#!/usr/bin/env python3
"""Tries the Python package as it is installed, beside the command line: python_binding.py PIAA_BATCH PHOTOS [--rate].

Run it by the Python that has the package (pip install .) and NumPy; with pyarrow, pandas, DuckDB and polars it tries tables too. --rate also measures score_many against
`piaa-batch score --no-cache`, in turns.
"""
import argparse
import json
import pathlib
import subprocess
import tempfile
import threading
import time

import numpy

import piaa

try:
    import duckdb
    import pandas  # noqa: F401  what to_pandas() needs
    import polars
    import pyarrow
    import pyarrow.parquet
except ImportError as missing:
    print(f"tables are not tried: {missing}")
    pyarrow = None

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp", ".heic", ".avif", ".tif", ".tiff"}


def rows_of(program, command, photos, *more):
    lines = subprocess.run([program, command, *map(str, photos), "--format", "jsonl", "--quiet", *more],
                           capture_output=True, text=True).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    return {row["path"]: row for row in rows}


def check_answers(program, photos):
    eye = piaa.load()
    scores = rows_of(program, "score", photos, "--no-cache")
    crops = rows_of(program, "crop", photos, "--aspect", "4:5")
    level = rows_of(program, "crop", photos, "--aspect", "4:5", "--straighten")
    for photo in photos:
        row, looked_at = scores[str(photo)], eye.open(photo)
        assert eye.score(photo) == row, (eye.score(photo), row)
        assert eye.score(photo).score == row["score"]
        assert eye.crop(looked_at, aspect="4:5") == crops[str(photo)]
        assert eye.crop(looked_at, aspect="4:5", straighten=True) == level[str(photo)]
        sent = eye.score(photo.read_bytes(), name=str(photo))
        assert sent == row, (sent, row)
        reasons = eye.explain(looked_at)
        assert len(reasons.places) == 9 and reasons.sentences[-1] == reasons.sharpness
    assert [row.path for row in eye.score_many(iter(photos))] == [str(photo) for photo in photos]
    return len(photos)


def check_pixels(eye):
    ramp = numpy.add.outer(numpy.arange(300), numpy.arange(400))
    pixels = numpy.stack([ramp % 256] * 3, axis=2).astype(numpy.uint8)
    first = eye.score(pixels, id="k")
    assert first.id == "k" and 1 <= first.score <= 10
    assert eye.open(pixels).width == 400 and eye.open(pixels).height == 300
    assert eye.score(pixels[:, ::-1]).score == eye.score(numpy.ascontiguousarray(pixels[:, ::-1])).score
    for wrong in (pixels[:, :, 0], pixels.astype(numpy.float32), 3, None):
        try:
            eye.score(wrong)
        except piaa.Error as error:
            assert error.code == "bad_argument", error.code
        else:
            raise AssertionError(f"{type(wrong)} was taken for a photo")


def check_errors(eye, photos):
    try:
        eye.score("missing.jpg")
    except piaa.Error as error:
        assert error.code == "io" and str(error) == "missing.jpg: cannot be read: No such file or directory"
    rows = list(eye.score_many([("a", photos[0]), ("b", "missing.jpg"), ("c", b"no image")], errors="row"))
    assert [row.id for row in rows] == ["a", "b", "c"]
    assert [bool(row.error) for row in rows] == [False, True, True]
    assert all(row.keys() == rows[0].keys() for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        broken = pathlib.Path(folder) / "a photo that ends early.jpg"
        whole = pathlib.Path(photos[0]).read_bytes()
        broken.write_bytes(whole[:len(whole) // 2])
        assert list(eye.score_many([broken], errors="row"))[0].error.startswith(str(broken))
    taken = []
    stream = eye.score_many((taken.append(photo) or photo for photo in photos * 50), jobs=2, ahead=2)
    next(stream)
    assert len(taken) <= 5, len(taken)
    stream.close()


def check_learning(photos):
    with tempfile.TemporaryDirectory() as folder:
        profile = pathlib.Path(folder) / "me.pt"
        eye = piaa.load()
        assert eye.profile() is None
        for index, photo in enumerate(photos[:6]):
            eye.rate(photo, 1 + index % 5)
        assert eye.profile().ratings == min(6, len(photos))
        eye.save(profile)
        again = piaa.load(user=profile)
        assert again.profile().ratings == min(6, len(photos))
        assert again.score(photos[0]).profile_hash == again.profile().profile_hash
        assert again.score(photos[0]).score == eye.score(photos[0]).score
        copy = pathlib.Path(folder) / "copy.pt"
        again.save(copy)
        assert piaa.load(user=copy).profile().ratings == again.profile().ratings == min(6, len(photos))
        for wrong in "", pathlib.Path(folder) / "none/me.pt", profile:
            try:
                again.save(wrong)
                raise AssertionError(f"saved as {wrong}")
            except piaa.Error:
                pass


def check_tables(eye, photos):
    """Arrow, Parquet and pandas, and what DuckDB and polars read of it."""
    rows = list(eye.score_many([("bad", "missing.jpg"), *photos], errors="row"))
    table = pyarrow.Table.from_pylist(rows, schema=eye.arrow_schema())
    assert table.to_pylist() == rows
    assert table.to_pandas()["score"].tolist() == [row.score for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        file = f"{folder}/rows.parquet"
        pyarrow.parquet.write_table(table, file)
        assert pyarrow.parquet.read_table(file).to_pylist() == rows
        assert polars.read_parquet(file).to_dicts() == rows
        columns = [f'"{name}"' for name in rows[0]]
        read = duckdb.sql(f"select {', '.join(columns)} from '{file}'").fetchall()
        assert [dict(zip(rows[0], values)) for values in read] == rows


def check_threads(eye, photos):
    expected = [eye.score(photo).score for photo in photos]
    wrong = []

    def work():
        if [eye.score(photo).score for photo in photos] != expected:
            wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def measure(program, photos, rounds=3):
    eye = piaa.load()
    many = [photo for _ in range(max(1, 100 // len(photos))) for photo in photos]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as listed:
        listed.write("".join(f"{photo}\n" for photo in many))
        listed.flush()
        ratios = []
        for _ in range(rounds):
            begin = time.perf_counter()
            with open(listed.name) as standard_input:
                subprocess.run([program, "score", "-", "--no-cache", "--quiet", "--format", "jsonl"], stdin=standard_input,
                               stdout=subprocess.DEVNULL, check=True)
            command = time.perf_counter() - begin
            begin = time.perf_counter()
            assert sum(1 for _ in eye.score_many(many)) == len(many)
            ratios.append(command / (time.perf_counter() - begin))
    print(f"score_many / piaa-batch score -, rate, {len(many)} photos: {sorted(ratios)[len(ratios) // 2]:.2f} "
          f"({', '.join(f'{ratio:.2f}' for ratio in ratios)})")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program")
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("--rate", action="store_true")
    options = parser.parse_args()
    photos = sorted(file for file in options.photos.iterdir() if file.suffix.lower() in SUFFIXES)[:12]
    eye = piaa.load()
    print(eye)
    print(f"{check_answers(options.program, photos)} photos: rows as the command line's")
    check_pixels(eye)
    check_errors(eye, photos)
    check_threads(eye, photos)
    check_learning(photos)
    print("pixels, errors, threads, learning: well")
    if pyarrow:
        check_tables(eye, photos)
        print("Arrow, Parquet, pandas, DuckDB, polars: the same rows")
    if options.rate:
        measure(options.program, photos)


if __name__ == "__main__":
    main()
