"""MLflow over REST: each listing read until two in turn agree, and checked against others.

Sources are read before what refers to them, so that a version never refers to a run or a model
that was registered too late to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from mlflow import MlflowClient
from mlflow.entities import ViewType
from mlflow.exceptions import MlflowException

from firnline.reach.registries.clock import now
from firnline.reach.registries.mlflow import rest_rows
from firnline.reach.registries.mlflow.contents import Evaluation, Trace, TrackedRun, Version
from firnline.reach.registries.mlflow.problems import Problems
from firnline.reach.registries.mlflow.rest_client import in_our_words
from firnline.reach.registries.mlflow.rest_evaluations import evaluations_of
from firnline.reach.registries.mlflow.rest_pages import Fetch, Listings
from firnline.reach.source import CannotRead, Certificate

_PAGE: Final = 10_000
_MODELS: Final = 1_000
_TRACES: Final = 500
_EXPERIMENTS_IN_ONE_CALL: Final = 100
_RUNS_LOOKED_UP: Final = 50
_TOO_OLD_TO_SAY: Final = "INVALID_PARAMETER_VALUE"


class RestContents:
    are_deleted_models_known = False

    def __init__(self, client: MlflowClient, problems: Problems) -> None:
        self._client = client
        self._problems = problems
        self._began = now()
        self._listings = Listings(problems)
        self.experiments = self._listings.stable(
            "experiments",
            (self._experiments,),
            rest_rows.experiment,
            lambda each: (each.id, each.root, each.is_deleted),
        )
        self._runs = self._listings.stable(
            "runs",
            self._of_experiments(self._runs_of),
            rest_rows.run,
            lambda each: (each.id, each.root, each.is_deleted),
        )
        self.models = self._listings.stable(
            "logged models",
            self._of_experiments(self._models_of),
            rest_rows.logged_model,
            lambda each: (each.id, each.root),
        )
        self._traces = self._listings.stable(
            "traces",
            self._of_experiments(self._traces_of),
            rest_rows.trace,
            lambda each: (each.id, each.root),
        )
        self._evaluations = tuple(evaluations_of(client, self._listings))
        self._listed_models = {each.id for each in self.models}
        self.versions = tuple(self._versions())
        self._check()
        self._runs = tuple(self._with_models_read())

    def runs(self) -> Iterator[TrackedRun]:
        yield from self._runs

    def deleted_runs(self) -> Iterator[TrackedRun]:
        yield from (each for each in self._runs if each.is_deleted)

    def traces(self) -> Iterator[Trace]:
        yield from self._traces

    def evaluations(self) -> Iterator[Evaluation]:
        yield from self._evaluations

    def run_roots(self, ids: Iterable[str]) -> Mapping[str, str]:
        wanted = set(ids)
        return {each.id: each.root for each in self._runs if each.id in wanted}

    def certificate(self, problems: tuple[str, ...]) -> Certificate:
        return Certificate(
            began=self._began,
            ended=now(),
            pages=self._listings.pages,
            count=self._listings.count,
            independent_count=self._listings.counted_again,
            counted_by="another listing, in the opposite order",
            problems=problems,
        )

    def _experiments(self, ascends: bool, token: str | None) -> Any:
        return self._client.search_experiments(
            view_type=ViewType.ALL,
            max_results=_PAGE,
            order_by=[f"creation_time {_order(ascends)}"],
            page_token=token,
        )

    def _runs_of(self, ids: list[str], ascends: bool, token: str | None) -> Any:
        return self._client.search_runs(
            ids,
            run_view_type=ViewType.ALL,
            max_results=_PAGE,
            order_by=[f"attributes.start_time {_order(ascends)}"],
            page_token=token,
        )

    def _models_of(self, ids: list[str], ascends: bool, token: str | None) -> Any:
        return self._client.search_logged_models(
            ids,
            max_results=_MODELS,
            order_by=[{"field_name": "creation_timestamp", "ascending": ascends}],
            page_token=token,
        )

    def _traces_of(self, ids: list[str], ascends: bool, token: str | None) -> Any:
        return self._client.search_traces(
            locations=ids,
            max_results=_TRACES,
            order_by=[f"timestamp_ms {_order(ascends)}"],
            page_token=token,
            include_spans=False,
        )

    def _of_experiments(self, fetch: Any) -> tuple[Fetch, ...]:
        """One for each batch of experiments, deleted ones too: none given means none found."""
        ids = [each.id for each in self.experiments]
        batches = [
            ids[at : at + _EXPERIMENTS_IN_ONE_CALL]
            for at in range(0, len(ids), _EXPERIMENTS_IN_ONE_CALL)
        ]
        return tuple(
            lambda ascends, token, batch=batch: fetch(batch, ascends, token) for batch in batches
        )

    def _versions(self) -> Iterator[Version]:
        """Their aliases stand in the registered models alone."""
        rows = self._listings.stable(
            "model versions",
            (self._versions_page,),
            lambda row: row,
            lambda row: (row.name, row.version, row.source),
        )
        registered = self._listings.stable(
            "registered models", (self._registered_page,), lambda row: row, lambda row: row.name
        )
        aliases: dict[tuple[str, int], list[str]] = {}
        said = {each.name: (*each.tags.values(), each.description or "") for each in registered}
        for model in registered:
            for alias, number in model.aliases.items():
                aliases.setdefault((model.name, int(number)), []).append(alias)
        for row in rows:
            of_it = aliases.get((row.name, int(row.version)), [])
            found = rest_rows.version(row, tuple(sorted(of_it)), self._storage_of(row))
            yield replace(found, texts=(*found.texts, *said.get(row.name, ())))

    def _versions_page(self, ascends: bool, token: str | None) -> Any:
        return self._client.search_model_versions(
            max_results=_PAGE,
            order_by=[f"creation_timestamp {_order(ascends)}"],
            page_token=token,
        )

    def _registered_page(self, ascends: bool, token: str | None) -> Any:
        return self._client.search_registered_models(
            max_results=_MODELS, order_by=[f"name {_order(ascends)}"], page_token=token
        )

    def _storage_of(self, row: Any) -> str | None:
        """A deleted logged model is in no listing, and its version still says where it is."""
        source = row.source or ""
        if not source.startswith("models:") or source.rpartition("/")[2] in self._listed_models:
            return None
        with in_our_words():
            return self._client.get_model_version_download_uri(row.name, row.version)

    def _check(self) -> None:
        """An answer without rows looks like a search that found none. So what others name, and
        no listing had, is looked up by its ID; and workspaces that are not listed are counted.
        """
        listed = {each.id for each in self._runs}
        named = {each.run for each in self.versions} | {each.run for each in self.models}
        for id in sorted(each for each in named - listed if each)[:_RUNS_LOOKED_UP]:
            if self._exists(id):
                raise CannotRead(
                    f"has the run {id}, which its list of runs does not have: read it again, and"
                    " if that repeats, look for a proxy or a replica that answers from a cache"
                )
        if len(others := self._workspaces()) > 1:
            self._problems.add(
                f"has {len(others)} workspaces, of which REST lists one alone: read the backend"
                " store by `backend_store_env`, which has them all"
            )

    def _with_models_read(self) -> Iterator[TrackedRun]:
        """A list of runs leaves the logged models out that they read. Those behind a registered
        version are read one by one; SQL has those of all runs.
        """
        sources = {each.id: each.run for each in self.models}
        behind = {each.run for each in self.versions} | {
            sources.get(each.source.rpartition("/")[2]) for each in self.versions
        }
        for each in self._runs:
            if each.id not in behind:
                yield each
                continue
            with in_our_words():
                again = rest_rows.run(self._client.get_run(each.id))
            yield replace(each, models_read=again.models_read)

    def _exists(self, id: str) -> bool:
        with in_our_words():
            try:
                self._client.get_run(id)
            except MlflowException as error:
                if error.error_code == "RESOURCE_DOES_NOT_EXIST":
                    return False
                raise
            return True

    def _workspaces(self) -> list[str]:
        with in_our_words():
            try:
                # The call that lists them is answered 503 by a server without, and tried again.
                store: Any = self._client._tracking_client.store
                if not getattr(store, "supports_workspaces", False):
                    return []
            except MlflowException as error:
                if error.error_code == _TOO_OLD_TO_SAY:
                    return []
                raise
            return [each.name for each in self._client.list_workspaces()]


def _order(ascends: bool) -> str:
    return "ASC" if ascends else "DESC"
