"""PIAA: scores, learns and crops photos to one person's taste.

    import piaa
    p = piaa.load(user="me.pt")
    p.score("a.jpg").score
    p.crop("a.jpg", preset="square").crops[0].box
    for row in p.score_many(paths): ...

A photo is a path, the bytes of an image file, an array of height x width x 3 values of 8-bit sRGB, or what open()
made of one of them. Records have the fields of the command line's JSON, as attributes and as keys.
"""
from __future__ import annotations

import collections
import concurrent.futures
import json
import os
from typing import Any, Iterable, Iterator, Optional, Sequence, Union

from . import _piaa
from ._piaa import Photo

__all__ = ["Error", "Eye", "Photo", "Record", "load"]
__version__ = _piaa.version()

Path = Union[str, "os.PathLike[str]"]
PhotoLike = Union[str, "os.PathLike[str]", bytes, Photo, Any]
Texts = Union[str, Sequence[str], None]
Box = Sequence[float]


class Error(Exception):
    """What went wrong, in one sentence; `code` is one of bad_argument, bad_image, bad_model, bad_profile, bad_preset,
    bad_data, io, device, cancelled."""

    def __init__(self, sentence: str, code: str = "bad_argument") -> None:
        super().__init__(sentence)
        self.code = code

    def __reduce__(self) -> Any:
        return Error, (str(self), self.code)


_piaa.translate_errors(Error)


class Record(dict):
    """A JSON object whose fields are attributes too."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"the record has no field {name!r}") from None

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self]


def _record(text: str) -> Record:
    return json.loads(text, object_hook=Record)


def _texts(value: Texts) -> list[str]:
    return [] if value is None else [value] if isinstance(value, str) else list(value)


class Eye:
    """A model, and a person or nobody. Made by load(); may be used from several threads at once."""

    def __init__(self, engine: _piaa.Model) -> None:
        self._engine = engine

    def open(self, photo: PhotoLike, *, id: str = "", name: str = "", maps: bool = True) -> Photo:
        """Decodes a photo and runs the network, once for whatever is asked of it later. id, name: for records.
        maps: for crop() and explain()."""
        if isinstance(photo, Photo):
            if maps and not photo.has_maps:
                raise Error("the photo was opened without maps, and crop() and explain() need them")
            return photo
        if isinstance(photo, (bytes, bytearray, memoryview)):
            return self._engine.open_bytes(bytes(photo), os.fsencode(name), id, maps)
        if isinstance(photo, (str, os.PathLike)):
            return self._engine.open_file(os.fsencode(photo), id, maps)
        try:
            if hasattr(photo, "flags") and not photo.flags.c_contiguous:
                photo = photo.copy(order="C")
            return self._engine.open_pixels(photo, os.fsencode(name), id, maps)
        except TypeError:
            shape, kind = getattr(photo, "shape", None), getattr(photo, "dtype", type(photo).__name__)
            raise Error(f"a photo is {kind} of shape {shape} and should be a path, bytes, or an array of "
                        "height x width x 3 values of type uint8") from None

    def score(self, photo: PhotoLike, *, id: str = "", name: str = "") -> Record:
        """A row of `piaa-batch score --format jsonl`: score, generic, trust, spread, stars, flags..."""
        return _record(self._engine.score(self.open(photo, id=id, name=name, maps=False)))

    def score_many(self, photos: Iterable[PhotoLike], *, jobs: Optional[int] = None, errors: str = "raise",
                   ahead: int = 4) -> Iterator[Record]:
        """Rows in the order of the photos, which may come from a generator; no more than jobs * ahead of them are taken
        before their rows are. jobs: threads, one for each core if not given. errors: "raise", or "row" for a row whose
        `error` says what is wrong. A photo may be a pair (id, photo)."""
        if errors not in ("raise", "row"):
            raise Error(f"errors is {errors!r} and should be 'raise' or 'row'")
        jobs = jobs or len(os.sched_getaffinity(0))
        waiting: collections.deque[concurrent.futures.Future[Record]] = collections.deque()
        with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
            try:
                for photo in photos:
                    waiting.append(pool.submit(self._answer, photo, errors == "row"))
                    if len(waiting) >= jobs * ahead:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()

    def _answer(self, photo: PhotoLike, as_row: bool) -> Record:
        id = ""
        if isinstance(photo, tuple):
            id, photo = str(photo[0]), photo[1]
        try:
            return self.score(photo, id=id)
        except Error as error:
            if not as_row:
                raise
            path = os.fsencode(photo) if isinstance(photo, (str, os.PathLike)) else b""
            return _record(self._engine.failure(path, id, str(error)))

    def arrow_schema(self) -> Any:
        """The pyarrow.Schema of score()'s records: pyarrow.Table.from_pylist(list(rows), schema=p.arrow_schema()) has the
        same columns whatever the rows hold, for Parquet, pandas, DuckDB and polars."""
        import pyarrow

        def kind(value: Any) -> Any:
            if isinstance(value, dict):
                return pyarrow.struct([(name, kind(each)) for name, each in value.items()])
            return {bool: pyarrow.bool_(), int: pyarrow.int64(), float: pyarrow.float64(), str: pyarrow.string()}[type(value)]

        # A record of a photo that failed has all keys, and a value of the right type for each.
        failed = json.loads(self._engine.failure(b"", "", ""))
        return pyarrow.schema([(name, kind(value)) for name, value in failed.items()])

    def crop(self, photo: PhotoLike, *, preset: Texts = None, aspect: Texts = None, count: int = 3,
             keep: Sequence[Box] = (), blank: Optional[Box] = None, faces: bool = True, margin: float = 0,
             min_kept: float = 0, min_pixels: Sequence[int] = (), rank_presets: bool = False, upscale: bool = False,
             straighten: bool = False, id: str = "", name: str = "") -> Any:
        """A record of `piaa-batch crop --format jsonl`: crops with their boxes, best first, leave_it... One preset or
        aspect, or neither, gives a record; a list of them gives a list of records. keep: boxes of x, y, width, height in
        shares of the photo or in pixels; blank: room for text in shares of the crop; min_pixels: width, height; rank_presets:
        the format that suits the photo best comes first; straighten: a photo that is surely tilted is levelled first, and
        records have `angle`."""
        looked_at = self.open(photo, id=id, name=name)
        lines = self._engine.crop(looked_at, _texts(preset), _texts(aspect), count, [list(box) for box in keep],
                                  None if blank is None else list(blank), faces, margin, min_kept, list(min_pixels),
                                  rank_presets, upscale, straighten)
        records = [_record(line) for line in lines]
        many = any(not isinstance(texts, (str, type(None))) for texts in (preset, aspect)) or len(records) > 1
        return records if many else records[0]

    def explain(self, photo: PhotoLike, *, id: str = "", name: str = "") -> Record:
        """Why the photo has its score, as `piaa-batch explain` writes it: places, attributes, sentences...; of an array
        without `sharpness`, which is about the pixels of a file."""
        return _record(self._engine.explain(self.open(photo, id=id, name=name)))

    def rate(self, photo: PhotoLike, stars: float) -> None:
        """The person gives the photo 1 to 5 stars and is learned anew, in memory; see save()."""
        self._engine.rate(self.open(photo, maps=False), stars)

    def save(self, path: Optional[Path] = None) -> None:
        """Adds what was rated to the profile's file, which is made where there is none; its folder has to be there. path:
        the one loaded or saved last if not given. Another one must not be there yet: it gets all that is held of the
        person and is the profile's file from then on."""
        name = b"" if path is None else os.fsencode(path)
        if path is not None and not name:
            raise Error("path is empty and should name a file")
        self._engine.save(name)

    def profile(self) -> Optional[Record]:
        """What the profile holds: ratings, agreement, gate...; None for people in general."""
        text = self._engine.profile()
        return None if text is None else _record(text)

    def __repr__(self) -> str:
        profile = self.profile()
        whose = "people in general" if profile is None else f"a person, {profile.ratings} ratings"
        return f"<piaa.Eye: model {self._engine.name()}, {whose}>"


def load(model: Optional[Path] = None, user: Optional[Path] = None, device: str = "auto",
         prior: Optional[Path] = None) -> Eye:
    """model: a shipped model's name or a file, the profile's or the default one if not given. user: a person's profile,
    such as "me.pt". device: auto, cpu, cuda, cuda:1."""
    return Eye(_piaa.Model("" if model is None else os.fspath(model), b"" if user is None else os.fsencode(user), device,
                           b"" if prior is None else os.fsencode(prior)))
