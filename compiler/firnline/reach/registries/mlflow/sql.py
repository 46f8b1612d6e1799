"""MLflow's backend store, in one snapshot: every table is of the same moment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import Connection, bindparam, inspect, text

from firnline.reach.registries.clock import now
from firnline.reach.registries.mlflow.contents import (
    Evaluation,
    Experiment,
    LoggedModel,
    Trace,
    TrackedRun,
    Version,
)
from firnline.reach.registries.mlflow.sql_beside import beside_runs, run_of
from firnline.reach.registries.mlflow.sql_evaluations import (
    DATASETS,
    RECORDS,
    evaluations_of,
    tables_of,
    what_records_say,
)
from firnline.reach.registries.mlflow.sql_rows import (
    IS_PROMPT,
    Row,
    grouped,
    moment,
    texts,
)
from firnline.reach.source import CannotRead, Certificate

_PAGE: Final = 2_000
_IDS_IN_ONE_QUERY: Final = 500
_COUNTED: Final = ("experiments", "runs", "logged_models", "model_versions")
_NEEDED: Final = {
    "experiments": "artifact_location",
    "runs": "deleted_time",
    "logged_models": "artifact_location",
    "model_versions": "storage_location",
    "registered_model_aliases": "alias",
    "trace_tags": "value",
    "latest_metrics": "is_nan",
    "inputs": "destination_id",
    "datasets": "dataset_source",
}
_RUN: Final = (
    "run_uuid, name, experiment_id, user_id, status, start_time, end_time, lifecycle_stage,"
    " artifact_uri, deleted_time"
)
_TRACE_ROOT: Final = "mlflow.artifactLocation"
_READY: Final = 2


class SqlContents:
    """What a snapshot holds. Each instance is read once: it counts what it read."""

    are_deleted_models_known = True

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._began = now()
        self._pages = 0
        self._read = 0
        self._collation = ' COLLATE "C"' if connection.dialect.name == "postgresql" else ""
        self._has_workspaces = _checked(connection)
        self._of_evaluations = tables_of(connection)
        self.experiments: tuple[Experiment, ...] = tuple(self._experiments())
        self.models: tuple[LoggedModel, ...] = tuple(self._models())
        self.versions: tuple[Version, ...] = tuple(self._versions())

    def runs(self) -> Iterator[TrackedRun]:
        for rows in self._pages_of("runs", _RUN, "run_uuid"):
            within = {"first": rows[0][0], "last": rows[-1][0]}
            beside = beside_runs(partial(self._rows, **within), self._collation)
            yield from (run_of(row, beside) for row in rows)

    def deleted_runs(self) -> Iterator[TrackedRun]:
        for row in self._rows(f"SELECT {_RUN} FROM runs WHERE lifecycle_stage = 'deleted'"):
            yield run_of(row)

    def traces(self) -> Iterator[Trace]:
        what = "request_id, value"
        for rows in self._pages_of("trace_tags", what, "request_id", f"key = '{_TRACE_ROOT}'"):
            yield from (Trace(row[0], "", row[1] or "") for row in rows)

    def evaluations(self) -> Iterator[Evaluation]:
        if not self._of_evaluations:
            return
        tags = self._rows("SELECT dataset_id, value FROM evaluation_dataset_tags")
        said = ("dataset_record_id", "dataset_id", *what_records_say(self._connection))
        yield from evaluations_of(
            self._whole(DATASETS, "dataset_id, name"),
            tags,
            self._pages_of(RECORDS, ", ".join(said), said[0]),
        )

    def run_roots(self, ids: Iterable[str]) -> Mapping[str, str]:
        found: dict[str, str] = {}
        wanted = sorted(set(ids))
        query = text("SELECT run_uuid, artifact_uri FROM runs WHERE run_uuid IN :ids")
        query = query.bindparams(bindparam("ids", expanding=True))
        for at in range(0, len(wanted), _IDS_IN_ONE_QUERY):
            some = {"ids": wanted[at : at + _IDS_IN_ONE_QUERY]}
            found.update({row[0]: row[1] for row in self._connection.execute(query, some)})
        return found

    def certificate(self, problems: tuple[str, ...]) -> Certificate:
        tables = (*_COUNTED, *self._of_evaluations)
        counted = sum(self._rows(f"SELECT count(*) FROM {table}")[0][0] for table in tables)
        of_traces = f"SELECT count(*) FROM trace_tags WHERE key = '{_TRACE_ROOT}'"
        return Certificate(
            began=self._began,
            ended=now(),
            pages=self._pages,
            count=self._read,
            independent_count=counted + self._rows(of_traces)[0][0],
            counted_by="SELECT count(*)",
            snapshot=self._snapshot(),
            problems=problems,
        )

    def _experiments(self) -> Iterator[Experiment]:
        tags = grouped(self._rows("SELECT experiment_id, value FROM experiment_tags"))
        what = "experiment_id, name, artifact_location, lifecycle_stage, last_update_time"
        for id, name, root, stage, changed in self._whole("experiments", what):
            yield Experiment(
                str(id), name, root or "", stage == "deleted", moment(changed), texts(tags[id])
            )

    def _models(self) -> Iterator[LoggedModel]:
        beside = "SELECT model_id, {0}_value FROM logged_model_{0}s WHERE {0}_value LIKE '%:%'"
        said = grouped((*self._rows(beside.format("tag")), *self._rows(beside.format("param"))))
        what = (
            "model_id, name, experiment_id, artifact_location, lifecycle_stage, source_run_id,"
            " last_updated_timestamp_ms, status"
        )
        for row in self._whole("logged_models", what):
            id, name, experiment, root, stage, run, changed, status = row
            yield LoggedModel(
                id=id,
                name=name,
                experiment_id=str(experiment),
                root=root,
                is_deleted=stage == "deleted",
                run=run or None,
                changed=moment(changed),
                texts=texts(said.get(id, ())),
                is_ready=status == _READY,
            )

    def _versions(self) -> Iterator[Version]:
        place = "workspace" if self._has_workspaces else "'default'"
        aliases = self._by_version(
            f"SELECT {place}, name, version, alias FROM registered_model_aliases"
        )
        tags = self._by_version(
            f"SELECT {place}, name, version, key, value FROM model_version_tags"
        )
        of_models = self._of_models(place)
        what = (
            f"{place}, name, version, current_stage, source, storage_location, run_id,"
            " last_updated_time, user_id, description"
        )
        for row in self._whole("model_versions", what):
            of = row[0], row[1], row[2]
            is_deleted = row[3] == "Deleted_Internal"
            yield Version(
                workspace=row[0],
                name=row[1],
                number=int(row[2]),
                stage=row[3],
                source="" if is_deleted else row[4] or "",
                storage=row[5] or None,
                run=None if is_deleted else row[6] or None,
                is_deleted=is_deleted,
                changed=moment(row[7]),
                owner=row[8] or None,
                aliases=tuple(sorted(each[3] for each in aliases.get(of, ()))),
                texts=texts([*tags.get(of, ()), (row[9],), *of_models.get(of[:2], ())]),
                is_prompt=any(each[3] == IS_PROMPT for each in tags.get(of, ())),
            )

    def _of_models(self, place: str) -> dict[Any, list[Row]]:
        """Tags and descriptions of registered models: they are said of all versions of one."""
        found: dict[Any, list[Row]] = {}
        tags = self._rows(f"SELECT {place}, name, value FROM registered_model_tags")
        for row in (
            *tags,
            *self._rows(f"SELECT {place}, name, description FROM registered_models"),
        ):
            found.setdefault((row[0], row[1]), []).append(row)
        return found

    def _by_version(self, query: str) -> dict[Any, list[Row]]:
        found: dict[Any, list[Row]] = {}
        for row in self._rows(query):
            found.setdefault((row[0], row[1], row[2]), []).append(row)
        return found

    def _whole(self, table: str, what: str) -> Iterator[Row]:
        rows = self._rows(f"SELECT {what} FROM {table}")
        self._read += len(rows)
        return iter(rows)

    def _pages_of(
        self, table: str, what: str, id: str, where: str = "1 = 1"
    ) -> Iterator[list[Row]]:
        after = ""
        while rows := self._rows(
            f"SELECT {what} FROM {table} WHERE {where} AND {id} > :after"
            f" ORDER BY {id} LIMIT {_PAGE}",
            after=after,
        ):
            self._read += len(rows)
            yield rows
            after = rows[-1][0]

    def _rows(self, query: str, **values: str) -> list[Row]:
        self._pages += 1
        # The driver's tuples: rows that know their names take as long again as the database.
        cursor = self._connection.execute(text(query), values).cursor
        assert cursor is not None
        return list(cursor.fetchall())

    def _snapshot(self) -> str | None:
        if self._connection.dialect.name != "postgresql":
            return None
        return str(self._rows("SELECT CAST(txid_current_snapshot() AS text)")[0][0])


def _checked(connection: Connection) -> bool:
    """Whether it has workspaces. Raises `CannotRead` where it is no database of MLflow 3."""
    schema = inspect(connection)
    tables = set(schema.get_table_names())
    missing = sorted({*_NEEDED, *_COUNTED} - tables) or sorted(
        f"{table}.{column}"
        for table, column in _NEEDED.items()
        if column not in {each["name"] for each in schema.get_columns(table)}
    )
    if missing:
        raise CannotRead(
            f"has a backend store without `{missing[0]}`, so it is no database of MLflow 3: check"
            " the URL, or run `mlflow db upgrade` on it"
        )
    return "workspace" in {each["name"] for each in schema.get_columns("model_versions")}
