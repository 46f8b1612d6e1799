"""The failures of garbage collectors that concern reading, each as a small world.

Numbers, evidence and rules are those of a survey of the issue trackers and post-mortems of
collectors in use: container registries, lakeFS, Iceberg, Delta, MLflow, git, Nix and others.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from firnline.reach.experiments.judge import judge
from firnline.reach.experiments.model import Run, RunStatus
from firnline.reach.experiments.settings import RunSettings
from firnline.reach.location import Location, LocationKind, locations_of
from firnline.reach.reference_file import to_lines
from firnline.reach.reference_lines import Line
from firnline.reach.references import Reference, Strength, Unneeded
from firnline.reach.source import Certificate
from tests.inventory.facts.written import MADE
from tests.planted import Fault
from tests.reach.registries.sagemaker.fake import FakeSageMaker, registry
from tests.reach.registries.sagemaker.test_sagemaker import TRAINING, package, training
from tests.reach.safety import naive
from tests.reach.safety.world import OLD, Answer, World

GITHUB = "https://github.com/"
Stored = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """`live` is what must not be named. `others` are keys that nobody needs; those of `found` are
    named as orphans, and `missing` as references of which nothing is stored, where there is a
    verdict. `naive` says what the naive collector deletes of a
    world, `firnline` what Firnline answers. `verdict` is part of what it says instead of judging.
    `fault` takes the guard away.
    """

    number: int
    name: str
    rule: str
    evidence: tuple[str, ...]
    stored: Stored
    live: frozenset[str]
    naive: Callable[[World], set[str]]
    firnline: Callable[[World], Answer]
    fault: Fault
    found: frozenset[str] = frozenset()
    missing: frozenset[str] = frozenset()
    verdict: str = ""


A, B, C = "models/a/1/model.bin", "models/b/1/model.bin", "models/c/1/model.bin"
ELSE = "s3://elsewhere/models/z"
PATHS = {key: f"s3://lab/{key.rpartition('/')[0]}" for key in (A, B, C)}


def _old(*keys: str) -> Stored:
    return tuple((key, OLD) for key in keys)


def _by(registry: naive.Registry) -> Callable[[World], set[str]]:
    return lambda world: naive.garbage((key for key, _ in world.stored), registry)


def _judging(*paths: str) -> Callable[[World], Answer]:
    return lambda world: world.judged(paths)


def _unreadable(world: World) -> Answer:
    assert world.read() == 1  # nobody wrote what the registry lists
    return world.audit()


def _unresolved(world: World) -> Answer:
    world.registry(["models:/a/1", PATHS[B]])
    assert world.read() == 1
    return world.audit()


def _shrunk(world: World) -> Answer:
    world.registry([PATHS[A], PATHS[B], PATHS[C]])
    assert world.read() == 0
    world.registry([PATHS[A]])
    assert world.read() == 1
    return world.audit()


def _unread(world: World) -> Answer:
    world.registry([PATHS[A]], "catalogue")
    assert world.read() == 0
    world.named = ["catalogue", "serving"]
    world.registry([PATHS[B]], "serving")
    return world.audit()


def _sagemaker(world: World, fake: FakeSageMaker) -> Answer:
    return _said(world, [each for each in registry(fake).read() if not isinstance(each, Run)])


def _deep_reference() -> FakeSageMaker:
    fake = FakeSageMaker()
    note = json.dumps({"explainer": PATHS[B]})
    package(fake, 1, f"s3://lab/{A}", CustomerMetadataProperties={"notes": note})
    return fake


def _jobs_on_pages() -> FakeSageMaker:
    fake = FakeSageMaker(page=2)
    for name, key in zip("abc", (A, B, C), strict=True):
        job = training(name, "InProgress", CheckpointConfig={"S3Uri": f"s3://lab/{key}"})
        fake.add(TRAINING, job)
    return fake


def _said(world: World, lines: list[object], made: datetime = MADE + timedelta(hours=1)) -> Answer:
    """Of references that were written as `firnline gc refs` writes them."""
    assert all(isinstance(each, Line) for each in lines)
    text = to_lines(made, [("catalogue", "json", each) for each in lines])  # type: ignore[misc]
    world.registry([])
    (world.folder / "refs.jsonl").write_text("".join(text), encoding="utf-8")
    return world.audit()


def _whole(count: int, at: datetime = MADE + timedelta(hours=1)) -> Certificate:
    return Certificate(at, at, pages=1, count=count, independent_count=count)


def _pin(key: str) -> list[object]:
    return [Reference(each, Strength.PIN, ("model a v1",)) for each in locations_of(PATHS[key])]


def _read_before(world: World) -> Answer:
    return _said(world, [*_pin(A), _whole(1)], MADE - timedelta(hours=1))


def _deleted_run(world: World) -> Answer:
    """Deleted three days ago, of which `mlflow` still restores it."""
    deleted = MADE - timedelta(days=3)
    run = Run(
        *("r1", "brave-owl", ("churn",), (), RunStatus.FINISHED, True, None, deleted, deleted),
        "ann",
        roots=(Location("lab", LocationKind.DIR, "models/a/1"),),
        deleted=deleted,
    )
    judged = judge([run], RunSettings((), timedelta(days=14)), MADE)
    lines = [each for each in judged if isinstance(each, Reference | Unneeded)]
    return _said(world, [*lines, _whole(1)])


FAILURES = (
    Failure(
        1,
        "A registry cannot be read, and counts as empty",
        "A registry proves that all of it was read, or nothing is judged.",
        (f"{GITHUB}distribution/distribution/issues/2716", f"{GITHUB}apache/paimon/pull/7920"),
        _old(A, B),
        frozenset({A, B}),
        _by(naive.switched_off),
        _unreadable,
        Fault(
            "reach/source.py",
            "return not self.problems and self.independent_count == self.count",
            "return True",
        ),
        verdict="registry `catalogue` (json) was not read whole",
    ),
    Failure(
        2,
        "A registry suddenly names much less",
        "Less than nine tenths of its last complete answer is not believed, until a dated entry of"
        " the fleet file says why that is right.",
        (f"{GITHUB}distribution/distribution/issues/4461",),
        _old(A, B, C),
        frozenset({A, B, C}),
        _by(naive.listing(PATHS[A])),
        _shrunk,
        Fault(
            "reach/drop_guard.py",
            "references * 100 >= last.references * (100 - guard.may_shrink_by):",
            "references >= 0:",
        ),
        verdict="names 1 reference, and 3 on",
    ),
    Failure(
        3,
        "A kind of reference is forgotten",
        "Every text of a record that is a location in S3 is a reference: lists of fields explain,"
        " and limit nothing.",
        (
            f"{GITHUB}distribution/distribution/issues/3178",
            f"{GITHUB}apache/amoro/issues/1959",
            f"{GITHUB}delta-io/delta/pull/1676",
        ),
        _old(A, B),
        frozenset({A, B}),
        _by(naive.listing(f"s3://lab/{A}")),
        lambda world: _sagemaker(world, _deep_reference()),
        Fault(
            "reach/registries/sagemaker/harvest.py",
            "found = set(locations_in(written, access_points))\n",
            'found = set(locations_in(written)) if text.field.endswith("Url") else set()\n',
        ),
    ),
    Failure(
        4,
        "Several registries use a bucket, and one of them is read",
        "The policy names every registry that may point there, and all of them are read.",
        (f"{GITHUB}apache/iceberg/issues/17213", f"{GITHUB}treeverse/dvc/issues/1300"),
        _old(A, B),
        frozenset({A, B}),
        _by(naive.listing(PATHS[A])),
        _unread,
        Fault("cli/gc_policies.py", "if each not in read]", "if not named]"),
        verdict="names registry `serving`, which the references lack",
    ),
    Failure(
        5,
        "An object is written first and registered later",
        "What is young is no candidate, nor what has something young beside it.",
        (
            f"{GITHUB}apache/iceberg/issues/4194",
            f"{GITHUB}delta-io/delta-rs/issues/3645",
            f"{GITHUB}PostHog/posthog/pull/78455",
        ),
        ((A, 2), ("models/b/1/step-1.bin", OLD), ("models/b/1/step-2.bin", 2), (C, OLD)),
        frozenset({A, "models/b/1/step-1.bin", "models/b/1/step-2.bin"}),
        _by(naive.listing(ELSE)),
        _judging(ELSE),
        Fault(
            "reach/mark/classes.py",
            '.when(is_young.fill_null(True) | pl.col("is_loud"))',
            ".when(pl.lit(False))",
        ),
        found=frozenset({C}),
    ),
    Failure(
        7,
        "References are read first, and storage is listed later",
        "The inventory is older than the references.",
        (f"{GITHUB}treeverse/lakeFS/pull/4382",),
        _old(A, B),
        frozenset({A, B}),
        _by(naive.listing(PATHS[A])),
        _read_before,
        Fault("cli/gc_auditing.py", "if made > references.made:", "if not made:"),
        verdict="what was stored between has no reference yet",
    ),
    Failure(
        9,
        "The first page is taken for all",
        "Pages are read until none follows, and counted against another call.",
        (f"{GITHUB}mlflow/mlflow/issues/14654", f"{GITHUB}aws/aws-sdk/issues/486"),
        _old(A, B, C),
        frozenset({A, B, C}),
        _by(naive.listing(PATHS[A], PATHS[B], PATHS[C], page=2)),
        lambda world: _sagemaker(world, _jobs_on_pages()),
        Fault(
            "reach/registries/sagemaker/requests.py",
            "            if not token:\n",
            "            if True:\n",
        ),
    ),
    Failure(
        10,
        "`models/a` covers `models/ab`, too",
        "A folder ends at a slash; only where the service itself means a prefix of text, as"
        " SageMaker's `S3Prefix` does, it does not.",
        (f"{GITHUB}mlflow/mlflow/issues/24821", f"{GITHUB}mlflow/mlflow/pull/25024"),
        _old("models/a/x", "models/ab/x"),
        frozenset({"models/a/x"}),
        _by(naive.listing("s3://lab/models/a")),
        _judging("s3://lab/models/a"),
        Fault("reach/mark/known.py", '.otherwise(key + "/")', ".otherwise(key)"),
        found=frozenset({"models/ab/x"}),
    ),
    Failure(
        11,
        "A fast search looks at the wrong neighbour",
        "Keys and references end in a slash, and each reference knows the one around it.",
        (),
        _old("models/a/z", "models/a-b/x", "models/a.b/x"),
        frozenset({"models/a/z", "models/a-b/x", "models/a.b/x"}),
        lambda world: naive.garbage_by_search(
            (key for key, _ in world.stored),
            ("models/a", "models/a/b/c", "models/a-b", "models/a.b"),
        ),
        _judging(
            "s3://lab/models/a",
            "s3://lab/models/a/b/c",
            "s3://lab/models/a-b/",
            "s3://lab/models/a.b",
        ),
        Fault(
            "reach/mark/intervals.py",
            """[found_at(outer["text"], behind)]""",
            """[0 * found_at(outer["text"], behind)]""",
        ),
        missing=frozenset({"s3://lab/models/a/b/c/"}),
    ),
    Failure(
        12,
        "The same place is spelt in another way",
        "s3, s3a, s3n, URLs and ARNs of S3, doubled and trailing slashes are one location; what"
        " cannot be read is an error.",
        (
            f"{GITHUB}treeverse/lakeFS/issues/4658",
            f"{GITHUB}apache/iceberg/issues/4346",
        ),
        _old(A, B, C),
        frozenset({A, B, C}),
        _by(naive.listing(f"s3a://lab/{A}", f"s3://lab/{B}/", f"https://lab.s3.amazonaws.com/{C}")),
        _judging(f"s3a://lab/{A}", f"s3://lab/{B}/", f"https://lab.s3.amazonaws.com/{C}"),
        Fault("reach/uri_forms.py", 're.compile(r"s3[an]?:(?://', 're.compile(r"s3:(?://'),
    ),
    Failure(
        13,
        "A key is quoted in one place and not in the other",
        "A text protects every reading of it: as it is, decoded, in each Unicode form, cut at `#`"
        " and `?`.",
        (
            f"{GITHUB}trinodb/trino/issues/24872",
            f"{GITHUB}delta-io/delta-rs/issues/4646",
        ),
        _old("models/exp+2/x", "models/caf\u00e9/x", "models/run#1/x"),
        frozenset({"models/exp+2/x", "models/caf\u00e9/x", "models/run#1/x"}),
        _by(
            naive.listing(
                "s3://lab/models/exp%2B2", "s3://lab/models/cafe\u0301", "s3://lab/models/run%231"
            )
        ),
        _judging(
            "s3://lab/models/exp%2B2", "s3://lab/models/cafe\u0301", "s3://lab/models/run%231"
        ),
        Fault(
            "reach/location.py", "in {key, once, unquote(once), unquote_plus(key)}:", "in {key}:"
        ),
    ),
    Failure(
        14,
        "A reference leads elsewhere",
        "`models:/`, `runs:/`, proxies and manifests are resolved, or the registry was not read.",
        (f"{GITHUB}mlflow/mlflow/issues/17240",),
        _old(A, B),
        frozenset({A, B}),
        _by(naive.listing("models:/a/1", PATHS[B])),
        _unresolved,
        Fault(
            "reach/registries/pinned.py",
            "        refused.add(record, str(why))\n",
            "        del why\n",
        ),
        verdict="registry `catalogue` (json) was not read whole",
    ),
    Failure(
        18,
        "The registry names what is gone",
        "References of which nothing is stored are listed with every audit.",
        (f"{GITHUB}distribution/distribution/issues/3254", f"{GITHUB}bazelbuild/bazel/issues/8250"),
        _old(A),
        frozenset({A}),
        _by(naive.listing(PATHS[A], PATHS[B])),
        _judging(PATHS[A], PATHS[B]),
        Fault("reach/mark/audit.py", "firm.filter(~firm.is_in(", "firm.filter(firm.is_in("),
        missing=frozenset({f"{PATHS[B]}/"}),
    ),
    Failure(
        19,
        "Files of tools lie among the data",
        "Only what is known for something may be a candidate: the rest is unclassified.",
        (f"{GITHUB}treeverse/lakeFS/issues/3213", f"{GITHUB}treeverse/lakeFS/issues/8518"),
        _old("_lakefs/dummy", "manifests/1.avro", C),
        frozenset({"_lakefs/dummy", "manifests/1.avro"}),
        _by(naive.listing(ELSE)),
        _judging(ELSE),
        Fault("reach/mark/classes.py", '.when(pl.col("reason").is_null())', ".when(pl.lit(False))"),
        found=frozenset({C}),
    ),
    Failure(
        20,
        "Clocks of others decide how old something is",
        "S3's date counts, at the moment when the inventory was made.",
        (f"{GITHUB}treeverse/lakeFS/pull/4382",),
        ((A, 29), (C, OLD)),
        frozenset({A}),
        _by(naive.listing(ELSE)),
        _judging(ELSE),
        Fault(
            "reach/mark/audit.py",
            "made = inventory.bucket, inventory.made.astimezone(UTC)",
            "made = inventory.bucket, datetime.now(UTC)",
        ),
        found=frozenset({C}),
    ),
    Failure(
        21,
        "What was deleted yesterday cannot be restored",
        "A deleted run stays needed for its grace.",
        (f"{GITHUB}delta-io/delta-rs/issues/3392",),
        _old(A),
        frozenset({A}),
        _by(naive.listing()),
        _deleted_run,
        Fault(
            "reach/experiments/judge.py", "self._now - since < self._grace:", "self._now == since:"
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A failure that tests of a registry show; `test` is one of them, with its file."""

    number: int
    name: str
    rule: str
    evidence: tuple[str, ...]
    test: str


ELSEWHERE = (
    Elsewhere(
        8,
        "Rows vanish between pages that are counted by offset",
        "MLflow's lists are read in both orders until two agree, or in one transaction of its"
        " database.",
        (),
        "tests/reach/registries/mlflow/test_rest.py"
        "::test_versions_that_vanish_between_pages_are_noticed",
    ),
    Elsewhere(
        23,
        "A setting says where a server stores, and is wrong",
        "MLflow tells no one where its artifact proxy stores. Of what is registered and goes"
        " through it, something must be stored below `artifacts_destination`, or the registry was"
        " not read.",
        (),
        "tests/reach/registries/mlflow/test_destination.py"
        "::test_a_wrong_destination_is_no_complete_reading",
    ),
    Elsewhere(
        22,
        "A guard is switched off by an option",
        "No option of `firnline gc` lifts a guard: only dated entries of the fleet file do.",
        (f"{GITHUB}PostHog/posthog/pull/78455",),
        "tests/reach/safety/test_reading.py::test_no_option_lifts_a_guard",
    ),
)
