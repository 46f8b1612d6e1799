"""What holds for every test: it has no deadline, may be interrupted, and is not skipped in CI.

The processes that tests start find what an earlier one has compiled, and leave what they compile.

Where the tests run in another virtual environment than the checkout's, `.venv` leads to it
meanwhile.

`golden` compares with golden files, or rewrites them.
"""

from __future__ import annotations

import gc
import os
import re
import signal
import sys
from collections.abc import Generator, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import Phase, settings

pytest.register_assert_rewrite("tests.golden_files")

from sandbox.paths import CHECKOUT  # noqa: E402
from tests import fast_tests, install, slow_tests  # noqa: E402
from tests.golden_files import FLAG, Golden  # noqa: E402 (after it is told to be rewritten)

MOMENT = re.compile(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d")

OWN_VENV = CHECKOUT / ".venv"
"""Where `Pulumi.yaml` and the plug-ins of the sandbox's engine look for Python."""

# No test measures time: on a busy machine one example may take as long as it likes.
settings.register_profile("no deadline", deadline=None)
# A change is judged by the same examples as the one before it; new ones are looked for by
# `make test` at home and by `make soak`.
settings.register_profile("judging", deadline=None, derandomize=True, database=None)
# Whether a property sees a planted fault does not depend on luck, and its first example is enough.
settings.register_profile(
    "negative control",
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile("judging" if os.environ.get("FIRNLINE_NO_SKIPS") else "no deadline")

# Under `nohup`, in a background job and in some CI an interrupt is ignored, and children ignore
# what their parent ignores. What it handles they do not inherit, so that the commands which tests
# start can be interrupted everywhere.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What is told for people is as wide as here, on any terminal: `readline`, which pytest imports,
# gives workers that width, and none to a run without them.
os.environ["COLUMNS"] = "80"

# Compiling is two fifths of the processor time that a `firnline check` takes.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_addoption(parser: pytest.Parser) -> None:
    what = "run only the tests of golden files, and rewrite those that differ"
    parser.addoption(FLAG, action="store_true", help=what)


def pytest_configure(config: pytest.Config) -> None:
    in_ci = os.environ.get("CI") or os.environ.get("FIRNLINE_NO_SKIPS")
    if config.getoption(FLAG) and in_ci:
        raise pytest.UsageError(f"{FLAG} is for people, who read the diff: not in CI")
    # A bare `pytest` runs what `make test` does; a path or `-m` can select the slow tests as well.
    if config.args_source is not pytest.Config.ArgsSource.ARGS and not config.option.markexpr:
        config.option.markexpr = "not slow"
    if not hasattr(config, "workerinput") and not os.path.lexists(OWN_VENV):
        OWN_VENV.symlink_to(sys.prefix)
        config.add_cleanup(OWN_VENV.unlink)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if config.option.markexpr == slow_tests.ALONE and slow_tests.has_none(collection_path):
        return True
    return None


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(
    config: pytest.Config, log: object
) -> slow_tests.Scheduling | fast_tests.Scheduling | None:
    if config.option.dist != "loadfile":
        return None
    slow = config.option.markexpr == slow_tests.ALONE
    return slow_tests.Scheduling(config, log) if slow else fast_tests.Scheduling(config, log)


@pytest.hookimpl(tryfirst=True)  # before those are left out that `-m` does not select
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    slow_tests.check_that_each_file_says_so(items)
    check_that_no_name_holds_the_clock(items, datetime.now(UTC))
    if config.option.markexpr == slow_tests.ALONE:
        slow_tests.longest_first(items)
    if config.getoption(FLAG):
        items[:] = [each for each in items if "golden" in getattr(each, "fixturenames", ())]


GZIP = re.compile(r"\\x1f\\x8b\\x08\\x00(?!\\x00\\x00\\x00\\x00)")
"""In a name that is made of a gzip file which holds the second in which it was made."""


def check_that_no_name_holds_the_clock(items: Iterable[pytest.Item], now: datetime) -> None:
    """Workers that collect in different seconds would not agree on the names of the tests."""
    for item in items:
        if GZIP.search(item.nodeid):
            raise pytest.UsageError(f"{item.nodeid} is named after compressed bytes: give it an id")
        if any(abs(now - moment) < timedelta(hours=1) for moment in _moments(item.nodeid)):
            raise pytest.UsageError(f"{item.nodeid} is named after the time: use a fixed one")


def _moments(name: str) -> Iterable[datetime]:
    for found in MOMENT.findall(name):
        with suppress(ValueError):  # some tests are of what is no date
            yield datetime.fromisoformat(f"{found}+00:00")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays until the end: the garbage collector need not go through it again and
    again, neither meanwhile nor in any test.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, object, object]:
    """A test leaves the folder that it found, or those after it would be run somewhere else."""
    try:
        return (yield)
    finally:
        if (left := os.getcwd()) != os.fspath(item.config.invocation_params.dir):
            os.chdir(item.config.invocation_params.dir)
            pytest.fail(f"left the process in {left}: use monkeypatch.chdir or contextlib.chdir")


@pytest.fixture(scope="session")
def node() -> Path:
    """Runs yaml-language-server and pyright, which are installed with it."""
    if not install.has_node_packages():
        pytest.skip("`make test-tools` installs Node.js, yaml-language-server and pyright")
    return install.node()


@pytest.fixture(scope="session")
def golden(pytestconfig: pytest.Config) -> Golden:
    return Golden(update=pytestconfig.getoption(FLAG))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped and os.environ.get("FIRNLINE_NO_SKIPS"):
        terminalreporter.write_line(f"{len(skipped)} skipped: in CI a skipped test is a failed one")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and os.environ.get("FIRNLINE_NO_SKIPS"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
