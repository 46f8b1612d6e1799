"""DuckDB and Polars on 10,000,000 rows of an inventory of all versions, each against its floor.

`python -m benchmarks.table_engines` is no part of `make bench`: it was to choose one engine
(docs/decisions/table-engine.md), and installs both into .cache/table-engines.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from benchmarks.table_kernels import KERNELS
from sandbox.paths import CHECKOUT

ROWS = 10_000_000
PARTS = 4
PINS = ("duckdb==2.0.1", "numpy==2.4.6", "polars==2.1.0", "pyarrow==26.0.1")
_FOLDER = CHECKOUT / ".cache" / "table-engines"
_PYTHON = _FOLDER / "bin" / "python"

_ROWS_OF_PART = """
    with versions as (
        select k, n from range({keys}) keys(k), range(3) numbers(n)
        where n <= hash(k, 1) % 3 and hash(k, n, 2) % {parts} = {part}
    )
    select 'lab' as bucket,
        case when k % 10 < 6 then 'checkpoints/team-' || hash(k // 40, 3) % 20
                || '/run-' || lpad((hash(k // 40) % 1000000)::varchar, 6, '0')
                || '/step-' || lpad((k % 40 * 1000)::varchar, 8, '0')
                || '/shard-' || lpad(k::varchar, 9, '0') || '.safetensors'
            when k % 10 < 9 then 'experiments/' || hash(k // 200, 4) % 97
                || '/' || md5((k // 100)::varchar) || '/artifacts/model-' || k || '.pkl'
            else 'models/m-' || hash(k // 500, 5) % 50 || '/v' || k || '/weights.bin'
        end as key,
        md5(k || '/' || n) as version_id,
        n = hash(k, 1) % 3 as is_latest,
        n > 0 and hash(k, n, 6) % 20 = 0 as is_delete_marker,
        (hash(k, n, 7) % 20000000)::bigint as size,
        timestamp '2025-06-01' + to_seconds(
            (hash(k, 8) % 31536000 + n * 864000 + hash(k, n, 9) % 864000)::bigint
        ) as last_modified,
        ['STANDARD', 'STANDARD', 'STANDARD', 'STANDARD_IA', 'GLACIER_IR'][
            (1 + hash(k, n, 10) % 5)::int
        ] as storage_class,
        md5(n || '.' || k) as e_tag
    from versions order by hash(k, n, 11)
"""
_REFERENCES = """
copy (
    select distinct regexp_replace(key, '[^/]*$', '') as reference
    from '{folder}/rows/*.parquet' where key like 'checkpoints/%' and hash(key) % 7 = 0
) to '{folder}/references/all.parquet' (format parquet)
"""


class Measured(NamedTuple):
    kernel: str
    answer: list[str]
    seconds: float
    megabytes: float


def measure(kernels: Sequence[str]) -> Iterator[Measured]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        for each in ("rows", "references", "spilled"):
            (folder / each).mkdir()
        for query in _queries(folder):
            code = f"import duckdb; duckdb.connect().execute({query!r})"
            subprocess.run([_PYTHON, "-c", code], check=True, stdout=subprocess.DEVNULL)
        for kernel in kernels:
            yield Measured(kernel, **_run(kernel, folder))


def rows_of_part(part: int, rows: int = ROWS) -> str:
    """The query of one of `PARTS` of about so many rows."""
    # A key has two versions on average, from one to three.
    return _ROWS_OF_PART.format(keys=rows // 2, parts=PARTS, part=part)


def _queries(folder: Path) -> Iterator[str]:
    for part in range(PARTS):
        to = f"'{folder}/rows/{part}.parquet' (format parquet, compression snappy)"
        yield f"copy ({rows_of_part(part)}) to {to}"
    yield _REFERENCES.format(folder=folder)


def _run(kernel: str, folder: Path) -> dict[str, Any]:
    module = str(Path(__file__).with_name("table_kernels.py"))
    command = [str(_PYTHON), module, kernel, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@cache
def installed() -> Path:
    """The Python that has both engines."""
    if not _PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", str(_FOLDER)], check=True)
    pip = [str(_PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
    subprocess.run([*pip, *PINS], check=True)
    return _PYTHON


def main(kernels: Sequence[str]) -> None:
    installed()
    floors: dict[str, float] = {}
    answers: dict[str, list[str]] = {}
    for each in measure(kernels or tuple(KERNELS)):
        engine, question = each.kernel.split("-", 1)
        floor = floors.setdefault(engine, each.seconds)
        print(
            f"{each.kernel:<28} {each.seconds:6.1f} s {each.seconds / floor:6.1f} ×"
            f" {each.megabytes:6.0f} MB",
            flush=True,
        )
        asked = question.removesuffix("-by-bisection")
        agreed = answers.setdefault(asked, each.answer)
        assert agreed == each.answer, (each.kernel, agreed, each.answer)


if __name__ == "__main__":
    main(sys.argv[1:])
