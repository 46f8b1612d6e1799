"""Do the import contracts of pyproject.toml hold? Each is broken once, in a copy of the package."""

from __future__ import annotations

import ast
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Set
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import firnline

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "compiler" / "firnline"
LINTER = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]

ONE_WAY = "Imports point one way"
CYCLES = "No import cycles"
IN_S3, IN_LANGUAGE, IN_RULES = "Inside s3", "Inside language", "Inside rules"
IN_LAW, IN_SIMULATE, IN_COMPARE = "Inside s3/law", "Inside s3/simulate", "Inside s3/compare"
IN_PROVE = "Inside rules/prove"
IN_LINT, IN_FLEET, IN_DIAGNOSTICS = "Inside lint", "Inside fleet", "Inside diagnostics"
IN_REVISION = "Inside revision"
IN_FACTS, IN_FORECAST = "Inside inventory/facts", "Inside inventory/forecast"
IN_SUMMARY, IN_SAVINGS = "Inside inventory/summary", "Inside inventory/savings"
IN_READS = "Inside inventory/reads"
IN_GATES = "Inside rules/gates"
IN_REPORT_PAGE = "Inside targets/report/html"
IN_PORTIONS, IN_REPORT = "Inside inventory/portions", "Inside targets/report"
IN_RADIUS, IN_REVIEW = "Inside inventory/radius", "Inside targets/review"
IN_MARKDOWN = "Inside targets/review/markdown"
IN_HTML, IN_PAGE = "Inside targets/review/html", "Inside targets/html"
IN_CHARTS = "Inside targets/charts"
IN_WRITER, IN_LISTING = "Inside inventory/writer", "Inside fleet/listing"
IN_IMPORTED = "Inside fleet/imported"
IN_WRITERS = "Inside fleet/writers"
IN_VERIFY = "Inside fleet/verify"
IN_ROLLOUT = "Inside rollout"
IN_EXPIRY = "Inside fleet/expiry"
IN_FORGE, IN_REACH = "Inside forge", "Inside reach"
IN_SAGEMAKER = "Inside testing/sagemaker"
IN_ACCESS = "Inside testing/access"
IN_IAM = "Inside targets/iam"
IN_SOURCES = "Inside lint/sources"
IN_PRICES = "Inside inventory/prices"
IN_ADVICE = "Inside inventory/advice"
IN_PAYBACK, IN_CHECKS = "Inside inventory/payback", "Inside inventory/checks"
IN_COVERAGE = "Inside inventory/coverage"
IN_TARGETS, IN_PULUMI = "Inside targets", "Inside the Pulumi target"
IN_AT_RISK, IN_CONSUMERS = "Inside rules/at_risk", "Inside consumers"
IN_LAYOUTS = "Inside inventory/layouts"
FORMATS = "Formats know nothing of each other"
PROOF = "Lowering and proof share no code"
FLEET = "Only commands, the catalog, references and the Pulumi target import the fleet"
FORGE = "Only commands speak to a forge"
RESOLVE = "No target resolves the fleet"
WORKSPACE = "Only commands and the Pulumi target read the workspace"
CORE = "The core has no disk, clock, network or environment"
EMULATOR = "Nothing else in the package imports the emulator"
PACKAGE_ALONE = "The package needs nothing of the repository around it"
YAML = "One module imports PyYAML"
JINJA = "One module imports Jinja2"
MATPLOTLIB = "Only charts import matplotlib"
JSONSCHEMA = "One module imports jsonschema"
JSONSCHEMA_RS = "One module imports jsonschema-rs"
PYARROW = "Only what reads or writes Parquet and ORC imports pyarrow"
PYSPARK = "Only an audit inside Spark imports pyspark"
BOTO3 = "Only adapters import boto3"
CLIENTS = "Only fleet and testing name the types of boto3 clients"
FACTS = "Only commands, the fleet, references and the rest of the inventory import facts"
ENGINE = "One module imports the table engine"
PULUMI = "Only its target and a rollout import Pulumi"
MOTO = "Only the emulator imports moto"
SCREEN = "Only commands import rich and shtab"

# These act on the world: the Pulumi target, what calls AWS in the fleet or a forge, what reads
# inventories.
ADAPTERS = {
    PACKAGE / "targets" / "pulumi_aws",
    PACKAGE / "forge" / "request.py",
    *(PACKAGE / "fleet" / "verify" / f"{name}.py" for name in ("search", "verify")),
    *(PACKAGE / "fleet" / "expiry" / f"{name}.py" for name in ("judge", "sampled", "told")),
    *(PACKAGE / "fleet" / "writers" / f"{name}.py" for name in ("event_history", "trail_files")),
    *(
        PACKAGE / "fleet" / "listing" / f"{name}.py"
        for name in ("details", "journal", "on_disk", "pages", "run", "so_far", "source")
    ),
    *(
        PACKAGE / "inventory" / "facts" / f"{name}.py"
        for name in (
            "batches",
            "engine",
            "inventory_files",
            "metadata_files",
            "metadata_table",
            "s3_inventory",
            "table",
        )
    ),
    *(
        PACKAGE / "inventory" / "reads" / f"{name}.py"
        for name in ("gathering", "log_files", "reads_table", "saved")
    ),
    *(
        PACKAGE / "fleet" / f"{name}.py"
        for name in (
            *(
                "accounts",
                "bucket_metrics",
                "client_events",
                "closed_account",
                "configured_inventories",
                "inventory_bucket",
                "live",
                "live_object",
                "organization",
            ),
            *("log_bucket", "look", "questions", "scan", "sessions", "threads"),
        )
    ),
}
# What the core imports from outside the package: names from modules that also reach the world are
# listed one by one.
PURE = frozenset(
    {
        "__future__",
        "bisect",
        "calendar.monthrange",
        "collections",
        "csv",
        "dataclasses",
        "datetime",
        "decimal",
        "difflib",
        "enum",
        "fractions",
        "functools",
        "hashlib",
        "io.StringIO",
        "itertools",
        "json",
        "jsonschema",
        "jsonschema_rs",
        "markupsafe.Markup",
        "math",
        "operator.add",
        "operator.attrgetter",
        "operator.sub",
        "pathlib.PurePath",
        "pkgutil.get_data",  # the package's own schemas
        "re",
        "string",
        "tomllib",
        "types.MappingProxyType",
        "typing",
        "unicodedata",
        "urllib.parse",
        "xml.parsers.expat",
        "xml.sax.saxutils.escape",
        "yaml",
    }
)
# What one module of the core needs besides.
MORE = {
    "catalog": {"importlib", "pkgutil"},  # it imports every module that may declare kinds
    "diagnostics/repository": {"posixpath"},  # whose functions on names look at no disk
    "diagnostics/junit_xml": {"xml.etree.ElementTree"},  # which it writes, and never reads
    "fleet/expiry/told_day": {"email.utils.parsedate_to_datetime"},
    "inventory/content": {"gzip.decompress", "zlib.error"},  # of bytes in memory
    "inventory/summary/file": {"pyarrow", "pyarrow.parquet"},  # of bytes in memory
    "inventory/writer/columnar_file": {"pyarrow"},  # which writes to a buffer
    "inventory/writer/csv_file": {"zlib.compressobj"},
    "targets/charts/cost": {"matplotlib.ticker"},
    "targets/charts/figure": {"io.BytesIO", "matplotlib"},
    "targets/charts/timelines": {"matplotlib.ticker"},
    "targets/charts/svg": {"xml.etree.ElementTree"},  # which reads what `figure` wrote
    "targets/review/html/gates": {"shlex.join"},
    "targets/html/page": {"base64.b64encode"},
    "targets/html/template": {"jinja2", "markupsafe.escape"},
    "targets/review/proof_words": {"shlex.join"},  # of words, for a command to copy
}

# Where an import is added, which one, and the contracts that it breaks: these, and no others.
# One that goes up closes a cycle too where the upper module already imports the lower one, and
# breaks the layers of the folder that the way leads back into.
PLANTS: tuple[tuple[str, str, set[str]], ...] = (
    ("rules/prove/meets", "from firnline.rules.lower import lower", {IN_RULES, PROOF}),
    ("rules/lower", "from firnline.rules.prove.meets import proved", {IN_RULES, PROOF}),
    ("rules/program", "import firnline.rules.coverage", {IN_RULES, PROOF, CYCLES}),
    ("s3/law/judge", "from firnline.rules.program import Program", {ONE_WAY, IN_S3, CYCLES}),
    ("s3/simulate/batch", "import firnline.rules.prove.meets", {ONE_WAY, IN_S3, CYCLES}),
    ("s3/conformance/run", "import firnline.language.nodes", {ONE_WAY, CYCLES}),
    ("s3/law/judge", "import firnline.s3.simulate.batch", {IN_S3, CYCLES}),
    ("s3/conformance/run", "import firnline.s3.compare.same", {IN_S3}),
    ("s3/law/refusals", "import firnline.s3.law.header", {IN_LAW}),
    ("s3/simulate/clock", "import firnline.s3.simulate.stored", {IN_SIMULATE}),
    ("s3/compare/story", "import firnline.s3.compare.witness", {IN_COMPARE}),
    ("rules/prove/interference", "import firnline.rules.prove.meets", {IN_PROVE}),
    ("rules/gates/gate", "import firnline.rules.gates.deletes_sooner", {IN_GATES, CYCLES}),
    ("diagnostics/kinds", "from firnline.s3.terms import Days", {ONE_WAY}),
    ("diagnostics/position", "import firnline.diagnostics.visible", {IN_DIAGNOSTICS}),
    ("language/waivers", "from firnline.language.read import Reader", {IN_LANGUAGE}),
    ("lint/idle", "import firnline.lint.ends", {IN_LINT}),
    ("lint/sources/s3_xml", "import firnline.lint.sources.terraform", {IN_SOURCES}),
    ("revision/git", "import firnline.revision.files", {IN_REVISION, CYCLES}),
    ("fleet/resolve", "import firnline.targets.words", {ONE_WAY, CYCLES}),
    ("fleet/live", "import firnline.fleet.accounts", {IN_FLEET}),
    ("fleet/imported/model", "import firnline.fleet.imported.acting", {IN_IMPORTED}),
    ("forge/marker", "import firnline.forge.plan", {IN_FORGE, CYCLES}),
    ("reach/location", "import firnline.reach.references", {IN_REACH, CYCLES}),
    ("targets/iam/needs", "import firnline.targets.iam.documents", {IN_IAM, CYCLES}),
    ("testing/access/policy", "import firnline.testing.access.evaluate", {IN_ACCESS, CYCLES}),
    ("testing/sagemaker/page", "import firnline.testing.sagemaker.trials", {IN_SAGEMAKER, CYCLES}),
    ("targets/words", "import firnline.forge.request", {FORGE, CORE}),
    ("testing/middleware", "from firnline.fleet.live import Live", {ONE_WAY, FLEET}),
    ("inventory/rows", "import firnline.testing.emulated_clock", {ONE_WAY, EMULATOR, CYCLES}),
    ("inventory/facts/frame", "import firnline.inventory.facts.fields", {IN_FACTS, CYCLES}),
    ("targets/words", "from firnline.inventory.facts.frame import Column", {FACTS}),
    ("cli/simulate", "import duckdb", {ENGINE}),
    ("reach/mark/audit", "from pyspark.sql import SparkSession", {PYSPARK}),
    ("inventory/facts/objects", "import pyarrow", {CORE, PYARROW}),
    (
        "inventory/forecast/groups",
        "import firnline.inventory.forecast.outlook",
        {IN_FORECAST, CYCLES},
    ),
    (
        "inventory/prices/price_list",
        "import firnline.inventory.prices.shipped",
        {IN_PRICES, CYCLES},
    ),
    ("fleet/listing/journal", "import firnline.fleet.listing.so_far", {IN_LISTING, CYCLES}),
    ("fleet/writers/writer", "import firnline.fleet.writers.words", {IN_WRITERS, CYCLES}),
    ("fleet/verify/expected", "import firnline.fleet.verify.answer", {IN_VERIFY, CYCLES}),
    ("fleet/expiry/verdicts", "import firnline.fleet.expiry.judge", {IN_EXPIRY, CYCLES}),
    ("rollout/plan", "import firnline.rollout.run", {IN_ROLLOUT, CYCLES}),
    (
        "inventory/payback/amount",
        "import firnline.inventory.payback.balance",
        {IN_PAYBACK, CYCLES},
    ),
    (
        "inventory/advice/timeline",
        "import firnline.inventory.advice.search",
        {IN_ADVICE, CYCLES},
    ),
    ("inventory/checks/where", "import firnline.inventory.checks.findings", {IN_CHECKS, CYCLES}),
    ("inventory/layouts/needed", "import firnline.inventory.layouts.due", {IN_LAYOUTS, CYCLES}),
    ("rules/at_risk/risks", "import firnline.rules.at_risk.findings", {IN_AT_RISK, CYCLES}),
    ("consumers/layout", "import firnline.consumers.table", {IN_CONSUMERS, CYCLES}),
    (
        "inventory/coverage/tally",
        "import firnline.inventory.coverage.of_items",
        {IN_COVERAGE, CYCLES},
    ),
    (
        "inventory/summary/rows",
        "import firnline.inventory.summary.summary",
        {IN_SUMMARY, CYCLES},
    ),
    (
        "inventory/savings/entry",
        "import firnline.inventory.savings.ledger",
        {IN_SAVINGS, CYCLES},
    ),
    ("inventory/reads/known", "import firnline.inventory.reads.read_bucket", {IN_READS, CYCLES}),
    ("inventory/radius/sooner", "import firnline.inventory.radius.radius", {IN_RADIUS, CYCLES}),
    ("targets/review/model", "import firnline.targets.review.verdict", {IN_REVIEW, CYCLES}),
    (
        "targets/review/markdown/dialect",
        "import firnline.targets.review.markdown.proof",
        {IN_MARKDOWN, CYCLES},
    ),
    (
        "targets/review/html/template",
        "import firnline.targets.review.html.page",
        {IN_HTML, CYCLES},
    ),
    (
        "inventory/portions/now",
        "import firnline.inventory.portions.portion",
        {IN_PORTIONS, CYCLES},
    ),
    (
        "targets/report/html/template",
        "import firnline.targets.report.html.page",
        {IN_REPORT_PAGE, CYCLES},
    ),
    ("targets/report/model", "import firnline.targets.report.verdict", {IN_REPORT, CYCLES}),
    ("targets/html/template", "import firnline.targets.html.page", {IN_PAGE, CYCLES}),
    ("targets/review/html/page", "import jinja2", {JINJA}),
    ("targets/review/html/cost", "from matplotlib.figure import Figure", {MATPLOTLIB}),
    ("targets/charts/tone", "import firnline.targets.charts.drawing", {IN_CHARTS, CYCLES}),
    ("inventory/writer/row", "import firnline.inventory.writer.columns", {IN_WRITER, CYCLES}),
    ("fleet/scan", "from firnline.testing.server import Emulator", {EMULATOR}),
    ("cli/resolve", "import firnline.testing", {EMULATOR}),
    ("targets/words", "import firnline.testing.faults", {CORE, EMULATOR}),
    ("workspace", "import firnline.pipeline", {ONE_WAY}),
    ("settings", "import firnline.projects", {ONE_WAY, CYCLES}),
    ("atomic_file", "import firnline.pipeline", {ONE_WAY}),
    ("targets/simulated_text", "import firnline.targets.formats.rules_text", {IN_TARGETS}),
    ("targets/formats/changes_json", "import firnline.targets.formats.rules_text", {FORMATS}),
    ("targets/formats/rules_text", "from firnline.fleet.live import Live", {FLEET, CORE}),
    ("targets/formats/rules_text", "from firnline.workspace import read_paths", {WORKSPACE, CORE}),
    ("targets/pulumi_aws/look", "import firnline.fleet.scan", {RESOLVE}),
    ("targets/pulumi_aws/world", "import firnline.targets.pulumi_aws.order", {IN_PULUMI}),
    ("targets/pulumi_aws/world", "import sandbox.world", {PACKAGE_ALONE}),
    ("language/units", "import yaml", {YAML}),
    ("fleet/lock_file", "from yaml import safe_dump", {YAML}),
    ("language/syntax", "import jsonschema", {JSONSCHEMA}),
    ("language/shape", "from jsonschema_rs import Draft7Validator", {JSONSCHEMA_RS}),
    ("language/model", "import sys", {CORE}),
    ("s3/model", "import os", {CORE}),
    ("rules/coverage", "from os.path import exists", {CORE}),
    ("diagnostics/text", "import io", {CORE}),
    ("rules/lower", "import subprocess", {CORE}),
    ("lint/check", "import socket", {CORE}),
    ("s3/simulate/clock", "import time", {CORE}),
    ("pipeline", "from pathlib import Path", {CORE}),
    ("targets/words", "import os", {CORE}),
    ("targets/timeline", "import time", {CORE}),
    ("targets/formats/rules_text", "from pathlib import Path", {CORE}),
    ("targets/changes_text", "import io", {CORE}),
    ("inventory/listing", "import socket", {CORE}),
    ("inventory/versions", "from urllib.request import urlopen", {CORE}),
    ("catalog", "import sys", {CORE}),
    ("examples", "from pathlib import Path", {CORE}),
    ("language/units", "import ssl", {CORE}),
    ("rules/program", "import boto3", {CORE, BOTO3}),
    ("rules/coverage", "import pulumi", {CORE, PULUMI}),
    ("rules/coverage", "from pulumi_aws import s3", {CORE, PULUMI}),
    ("workspace", "import boto3", {BOTO3}),
    ("fleet/resolve", "from botocore.exceptions import ClientError", {BOTO3}),
    ("workspace", "from mypy_boto3_s3 import S3Client", {CLIENTS}),
    ("cli/compile", "import pulumi", {PULUMI}),
    ("fleet/live", "import moto", {MOTO}),
    ("targets/formats/rules_text", "from rich.table import Table", {CORE, SCREEN}),
    ("s3/law/facts", "import firnline.s3.law.judge", {IN_LAW, CYCLES}),
    ("cli/streams", "import firnline.cli.compile", {CYCLES}),
    (
        "s3/simulate/stored",
        "if TYPE_CHECKING:\n    import firnline.s3.simulate.batch",
        {IN_SIMULATE, CYCLES},
    ),
    ("rules/diff/where", "def later():\n    import firnline.rules.diff.items", {CYCLES}),
)

IN_EVERY_TEST_RUN = 20
"""One of so many plants; `make test-all` has the others."""


@pytest.fixture(scope="module")
def linter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Linter]:
    """It looks at a copy of the package."""
    folder = tmp_path_factory.mktemp("walls")
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PACKAGE, folder / "firnline", ignore=ignored)
    linter = Linter(folder)
    try:
        yield linter
    finally:
        linter.end()


def test_all_contracts_hold_in_the_copy(linter: Linter) -> None:
    assert linter.broken() == (set(), "")


@pytest.mark.parametrize(
    ("module", "code", "contracts"),
    [
        pytest.param(
            *plant,
            id=f"{plant[0]}: {plant[1]}",
            marks=() if number % IN_EVERY_TEST_RUN == 0 else pytest.mark.slow,
        )
        for number, plant in enumerate(PLANTS)
    ],
)
def test_a_forbidden_import_breaks_its_contracts_and_no_others(
    linter: Linter, module: str, code: str, contracts: set[str]
) -> None:
    file = linter.folder / "firnline" / f"{module}.py"
    before = file.read_text()
    file.write_text(f"{before}\n{code}\n")
    try:
        broken, said = linter.broken()
    finally:
        file.write_text(before)
    assert broken == contracts, said


STRAYS = (
    ("stray", ONE_WAY),
    ("s3/stray", IN_S3),
    ("s3/law/stray", IN_LAW),
    ("s3/simulate/stray", IN_SIMULATE),
    ("s3/compare/stray", IN_COMPARE),
    ("language/stray", IN_LANGUAGE),
    ("rules/stray", IN_RULES),
    ("rules/prove/stray", IN_PROVE),
    ("rules/gates/stray", IN_GATES),
    ("lint/stray", IN_LINT),
    ("lint/sources/stray", IN_SOURCES),
    ("inventory/facts/stray", IN_FACTS),
    ("inventory/forecast/stray", IN_FORECAST),
    ("inventory/savings/stray", IN_SAVINGS),
    ("inventory/reads/stray", IN_READS),
    ("inventory/radius/stray", IN_RADIUS),
    ("inventory/writer/stray", IN_WRITER),
    ("revision/stray", IN_REVISION),
    ("fleet/stray", IN_FLEET),
    ("fleet/listing/stray", IN_LISTING),
    ("fleet/imported/stray", IN_IMPORTED),
    ("fleet/writers/stray", IN_WRITERS),
    ("fleet/verify/stray", IN_VERIFY),
    ("rollout/stray", IN_ROLLOUT),
    ("fleet/expiry/stray", IN_EXPIRY),
    ("forge/stray", IN_FORGE),
    ("reach/stray", IN_REACH),
    ("testing/access/stray", IN_ACCESS),
    ("targets/iam/stray", IN_IAM),
    ("testing/sagemaker/stray", IN_SAGEMAKER),
    ("diagnostics/stray", IN_DIAGNOSTICS),
    ("inventory/prices/stray", IN_PRICES),
    ("inventory/payback/stray", IN_PAYBACK),
    ("inventory/advice/stray", IN_ADVICE),
    ("inventory/checks/stray", IN_CHECKS),
    ("inventory/coverage/stray", IN_COVERAGE),
    ("targets/stray", IN_TARGETS),
    ("targets/review/stray", IN_REVIEW),
    ("targets/review/markdown/stray", IN_MARKDOWN),
    ("inventory/portions/stray", IN_PORTIONS),
    ("targets/report/stray", IN_REPORT),
    ("targets/report/html/stray", IN_REPORT_PAGE),
    ("targets/html/stray", IN_PAGE),
    ("targets/review/html/stray", IN_HTML),
    ("targets/charts/stray", IN_CHARTS),
    ("targets/pulumi_aws/stray", IN_PULUMI),
)
"""A module without a layer, and the contract of its folder."""


@pytest.mark.slow
def test_a_module_without_a_layer_breaks_the_contract_of_its_folder(linter: Linter) -> None:
    """All at once: no contract looks at the modules of another's folder."""
    files = [linter.folder / "firnline" / f"{module}.py" for module, _ in STRAYS]
    for file in files:
        file.touch()
    try:
        broken, said = linter.broken()
    finally:
        for file in files:
            file.unlink()
    assert broken == {contract for _, contract in STRAYS}, said
    _, *sections = re.split(r"^(?=\S.*\n-+\n)", said, flags=re.MULTILINE)
    reported = {
        (each.partition("\n")[0], each.count(".stray"), module)
        for each in sections
        for module in re.findall(r"firnline\.([\w.]*stray)\b", each)
    }
    assert reported == {(name, 1, module.replace("/", ".")) for module, name in STRAYS}, said


def test_every_contract_is_broken_by_a_plant() -> None:
    names = {contract["name"] for contract in LINTER["contracts"]}
    assert set().union(*(contracts for _, _, contracts in PLANTS)) == names


def test_every_module_of_the_package_has_a_layer() -> None:
    layers = next(each["layers"] for each in LINTER["contracts"] if each["name"] == ONE_WAY)
    placed = {name.strip(" ()") for layer in layers for name in layer.split("|")}
    assert {found.name for found in pkgutil.iter_modules(firnline.__path__)} <= {
        *placed,
        "__main__",
    }


def test_the_core_reaches_the_world_through_no_builtin_and_reads_no_clock() -> None:
    files = list(_files_of_the_core())
    assert len(files) > 200
    found = {(_name(file), call) for file in files for call in _calls(file.read_text())}
    # It imports every module that may declare kinds.
    assert found == {("catalog", "import_module")}


@pytest.mark.parametrize(
    "code",
    [
        'open("policy.yaml")',
        'print("done")',
        "date.today()",
        "datetime.now(UTC)",
        '__import__("os")',
        'importlib.import_module("os")',
    ],
)
def test_a_call_out_of_the_core_is_found(code: str) -> None:
    assert len(_calls(f"def check(policy):\n    return {code}")) == 1


def test_the_core_imports_only_what_is_listed() -> None:
    assert not {
        (_name(file), each)
        for file in _files_of_the_core()
        for each in _imported(file.read_text())
        if not _among(each, PURE | MORE.get(_name(file), set()))
    }


def test_nothing_is_listed_that_the_core_does_not_import() -> None:
    imported = {_name(file): set(_imported(file.read_text())) for file in _files_of_the_core()}
    listed = [(each, set().union(*imported.values())) for each in PURE]
    listed += [(each, imported[module]) for module, more in MORE.items() for each in more]
    assert [each for each, names in listed if not any(_among(name, {each}) for name in names)] == []


@pytest.mark.parametrize(
    "code",
    [
        *(
            f"import {name}"
            for name in (
                "ctypes",
                "fcntl",
                "getpass",
                "importlib",
                "io",
                "locale",
                "multiprocessing",
                "pkgutil",
                "platform",
                "requests",
                "select",
                "signal",
                "ssl",
                "urllib",
                "webbrowser",
            )
        ),
        "import json, zoneinfo",
        "from importlib import import_module",
        "from io import open as read",
        "from pkgutil import walk_packages",
        "from urllib.request import urlopen",
        "from xml.etree import ElementTree",
        "def later():\n    import mmap",
        "if TYPE_CHECKING:\n    from pathlib import Path",
    ],
)
def test_an_import_that_is_not_listed_is_found(code: str) -> None:
    assert [each for each in _imported(code) if not _among(each, PURE)] != []


def _imported(code: str) -> Iterator[str]:
    """What a module imports from outside the package, by its full name."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names = [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [f"{node.module}.{each.name}" for each in node.names]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] != "firnline")


def _among(name: str, listed: Set[str]) -> bool:
    """Whether the name or a module that it is in is listed."""
    return any(name == each or name.startswith(f"{each}.") for each in listed)


def _name(file: Path) -> str:
    return file.relative_to(PACKAGE).with_suffix("").as_posix()


def _files_of_the_core() -> Iterator[Path]:
    contract = next(each for each in LINTER["contracts"] if each["name"] == CORE)
    for name in (*contract["source_modules"], "firnline.fleet", "firnline.forge"):
        place = PACKAGE / name.removeprefix("firnline.")
        files = place.rglob("*.py") if place.is_dir() else [place.with_suffix(".py")]
        yield from (file for file in files if not ADAPTERS & {file, *file.parents})


def _calls(code: str) -> list[str]:
    """Calls that no import betrays: `open()`, `print()`, `date.today()` and the like."""
    called = [node.func for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Call)]
    names = [each.id for each in called if isinstance(each, ast.Name)]
    methods = [each.attr for each in called if isinstance(each, ast.Attribute)]
    return [
        *({"open", "print", "input", "exec", "eval", "__import__"} & set(names)),
        *({"today", "now", "utcnow", "import_module"} & set(methods)),
    ]


def test_no_module_is_in_a_cycle_not_even_through_a_package() -> None:
    # `No import cycles` compares the children of a package, and so not the package's own module.
    graph = grimp.build_graph("firnline", cache_dir=None)
    assert _cycle(graph) is None
    graph.add_import(importer="firnline.rules.checks.early_move", imported="firnline.rules.checks")
    assert _cycle(graph) is not None


def _cycle(graph: grimp.ImportGraph) -> list[str] | None:
    imported = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    try:
        TopologicalSorter(imported).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return None


NEEDS_AN_EXTRA = {
    "boto3",
    "botocore",
    "mypy_boto3_dynamodb",
    "mypy_boto3_s3",
    "mypy_boto3_sagemaker",
    "mypy_boto3_sts",
    "firnline.inventory.facts.engine",
    "firnline.inventory.reads.reads_table",
    "firnline.testing",
}
LAZY = {"targets/pulumi_aws/__init__", "testing/__init__"}
"""Packages that need an extra, and import what they offer on first use."""


def test_only_what_needs_an_extra_is_imported_for_types_alone() -> None:
    for file in sorted(PACKAGE.rglob("*.py")):
        if _name(file) in LAZY:
            continue
        for name in _imported_for_types(file.read_text(encoding="utf-8")):
            assert _among(name, NEEDS_AN_EXTRA), f"{_name(file)} imports {name} for types alone"


def test_an_import_for_types_alone_is_found() -> None:
    code = "if TYPE_CHECKING:\n    import yaml\n    from firnline.s3 import terms\n"
    assert list(_imported_for_types(code)) == ["yaml", "firnline.s3"]


def _imported_for_types(code: str) -> Iterator[str]:
    for block in (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.If)):
        if isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING":
            for node in ast.walk(block):
                if isinstance(node, ast.ImportFrom):
                    yield node.module or ""
                elif isinstance(node, ast.Import):
                    yield from (each.name for each in node.names)


class Linter:
    """The project's own linter, on the copy of the package in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        config, cache = str(ROOT / "pyproject.toml"), str(folder / "cache")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.import_linter", config, cache],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}", "COLUMNS": "200"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def broken(self) -> tuple[set[str], str]:
        """The contracts that it finds broken now, and what it says if any."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        passed, said = json.loads(self._process.stdout.readline())
        broken = set(re.findall(r"^(.+) BROKEN(?: \(.+\))?$", said, re.MULTILINE))
        assert bool(broken) != passed, said
        return broken, said if broken else ""

    def end(self) -> None:
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()
