#!/bin/sh
# polars 2.1.0: read_ndjson() of rows whose "flags" is a list of texts that is empty in the first hundred rows. The
# texts of later rows become nulls, one for each, and nothing is reported, although a number after a hundred nulls
# is an error ("got non-null value for NULL-typed column"). Seen: [None, None] for ["flat", "noise"].
# Fails when polars keeps the texts or refuses the file.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/pip -q install polars==2.1.0
env/bin/python - <<'PY'
import sys
import polars

with open("rows.jsonl", "w") as out:
    for row in range(200):
        out.write('{"path": "%d.jpg", "flags": []}\n' % row)
    out.write('{"path": "last.jpg", "flags": ["flat", "noise"]}\n')
print("polars", polars.__version__)
table = polars.read_ndjson("rows.jsonl")
last = table.tail(1).to_dicts()[0]
print(table.schema, last)
if last["flags"] != [None, None]:
    sys.exit("this polars keeps the texts")
PY
