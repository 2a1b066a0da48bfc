"""One worker's part with the Python package: paths in, rows as JSON text out. The first worker kills itself in the middle."""
import json
import os
import signal

import piaa

_eye = None  # loaded once for each process


def _die_once(marker):
    try:
        os.close(os.open(marker, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


def rows(paths, marker):
    global _eye
    _eye = _eye or piaa.load(model="lite")
    answers = []
    for row in _eye.score_many(paths, jobs=1, errors="row"):
        answers.append(json.dumps(row, ensure_ascii=False, separators=(",", ":")))
        if len(answers) == 8:
            _die_once(marker)
    return answers
