"""Evaluation datasets in MLflow's database, with all that their records say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, inspect

from firnline.reach.registries.mlflow.contents import Evaluation
from firnline.reach.registries.mlflow.sql_rows import Row, grouped, texts

DATASETS: Final = "evaluation_datasets"
RECORDS: Final = "evaluation_dataset_records"
_SAYS: Final = ("inputs", "outputs", "expectations", "tags", "source")


def tables_of(connection: Connection) -> tuple[str, ...]:
    """None in a store that an MLflow before 3.4 made."""
    there = set(inspect(connection).get_table_names())
    return tuple(each for each in (DATASETS, RECORDS) if each in there)


def what_records_say(connection: Connection) -> tuple[str, ...]:
    """Columns, of which some MLflow has more than others; as texts, whatever the driver does."""
    there = {each["name"] for each in inspect(connection).get_columns(RECORDS)}
    return tuple(f"CAST({each} AS TEXT)" for each in _SAYS if each in there)


def evaluations_of(
    datasets: Iterable[Row], tags: Iterable[Row], records: Iterable[list[Row]]
) -> Iterator[Evaluation]:
    """`datasets` are ID and name; `records` pages of an ID of their own, that of their dataset,
    and what they say.
    """
    names: dict[str, str] = {row[0]: row[1] for row in datasets}
    for id, said in grouped(tags).items():
        yield Evaluation(names.get(id, id), texts(said))
    for rows in records:
        for row in rows:
            id = str(row[1])
            yield Evaluation(names.get(id, id), tuple([each for each in row[2:] if each]))
