"""Reads a file of JSON lines with polars, pyarrow.dataset and DuckDB by their defaults, and fails where one of them
loses an error or a flag. Arguments: the file, the rows in it, how many of them have an error, and the flag "flat".
Ends with 77 where none of the three is installed."""
import sys

file, rows, errors, flat = sys.argv[1], *map(int, sys.argv[2:5])


def by_polars():
    import polars
    table = polars.read_ndjson(file)
    return (table.height, table.filter(polars.col("error") != "").height,
            table.filter(polars.col("flags").struct.field("flat")).height)


def by_pyarrow():
    import pyarrow.compute as compute
    import pyarrow.dataset as dataset
    table = dataset.dataset(file, format="json").to_table()
    return (table.num_rows, compute.sum(compute.not_equal(table["error"], "")).as_py(),
            compute.sum(compute.struct_field(table["flags"], "flat")).as_py())


def by_duckdb():
    import duckdb
    return duckdb.sql(f"select count(*), count(*) filter (error <> ''), count(*) filter (flags.flat) "
                      f"from '{file}'").fetchall()[0]


read = 0
for reader in by_polars, by_pyarrow, by_duckdb:
    try:
        found = reader()
    except ModuleNotFoundError:
        continue
    read += 1
    print(reader.__name__, found)
    if tuple(found) != (rows, errors, flat):
        sys.exit(f"{reader.__name__} found {found} instead of {(rows, errors, flat)}")
sys.exit(0 if read else 77)
