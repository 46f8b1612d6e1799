"""`make up`: from a fresh clone to checked lifecycle rules on seven buckets, by a real `pulumi up`.

Runs before the virtual environment exists: standard library only, any Python from 3.11.
"""

import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sandbox.engine_lines import calm
from sandbox.processes import process_start

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CHECKOUT / "requirements.lock"
STAMP = VENV / ".installed-from"
OLDEST_PYTHON = (3, 11)
LOCK_FILE = CHECKOUT / ".sandbox" / "make-up.lock"
# pulumi/pkg v3.250, backend/diy/lock.go
LOCKED = "the stack is currently locked by"
LOCK_HOLDER = re.compile(r"\.json\S*: created by \S+ \(pid (\d+)\)")

CLOSING = """\
S3 may take 48 hours to act on new rules; the sandbox acts when you advance its
clock. The same program works on AWS: see "On your own AWS" in README.md.

Worth trying:
  python3 -m sandbox advance 180d  what the rules do to the objects in that time
  make shell                       a shell that sees the buckets; in it:
    firnline show acme-ml-artifacts-use1
    sed -i.bak s/180d/90d/ policies/ml-artifacts.yaml   a small edit, and
    firnline diff live policies                         what it would do to them
    firnline approve --base live --by me --deletes-up-to 1TiB
    pulumi up --stack sandbox                           refuses it without that
    firnline explain FL301                 a mistake S3 never tells you about
    m=$(python -m sandbox inventory acme-ml-artifacts-use1)
    firnline forecast --inventory $m       what it stores and costs, for a year
    firnline report --inventory $m --out html:report.html
                                       that and what is deleted next, as a page
    pulumi stack export | firnline forecast --realised - --inventory $m
                                       what came of the rules (`advance` first)
"""

LAB_CLOSING = """\
That address shows the runs and models as the team sees them, in a browser. The
registries are in DynamoDB, SageMaker and the bucket acme-ml-lab-use1; the scripts
that made them in examples/. What is still needed, and what nobody needs:

  make shell                       a shell that sees them; in it:
    cd examples/laboratory
    firnline gc refs               what each registry needs, and whether all was read
  docs/howto-gc.md                 an audit step by step, on your own registry too

`make down` ends the server and the sandbox."""


def require_tools() -> None:
    """Stops before anything is done where something is missing that cannot be installed here."""
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = ".".join(map(str, OLDEST_PYTHON)), sys.version.split()[0]
        stop(f"Python {wanted} or newer is needed, this is {found}: make PYTHON=python3.12 …")
    if not shutil.which("git"):
        stop("git is needed and not on the PATH")
    if run([sys.executable, "-m", "sandbox.engine", "--check"]) != 0:
        raise SystemExit(1)


def install() -> None:
    """The virtual environment, again whenever the lock or what we install has changed."""
    described = LOCK.read_bytes() + (CHECKOUT / "pyproject.toml").read_bytes()
    wanted = hashlib.sha256(described).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    with step("virtual environment .venv, pinned by requirements.lock (a few hundred MB)"):
        if not PYTHON.exists():
            require([sys.executable, "-m", "venv", str(VENV)])
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
        bar = "on" if sys.stderr.isatty() else "off"
        require([*pip, "--progress-bar", bar, "-q", "--require-hashes", "-r", str(LOCK)])
        require([*pip, "-q", "--no-deps", "--no-build-isolation", "-e", "."])
        STAMP.write_text(wanted)


def engine() -> None:
    """On the PATH, or built once and kept in .engine/; says by itself how the build goes on."""
    require([str(PYTHON), "-m", "sandbox.engine", "--quiet"])


def sandbox() -> None:
    with step("sandbox: an emulated S3 with three accounts"):
        require([str(PYTHON), "-m", "sandbox", "up"])


def resolve() -> None:
    with step("firnline resolve: which buckets are there?"):
        require(inside(["firnline", "resolve"]))


def apply() -> None:
    with step("pulumi up: the rules go live"):
        require(inside(["pulumi", "stack", "select", "--create", "sandbox"]), calmly=True)
        quiet = ["--suppress-outputs", "--suppress-progress"]
        require(inside(["pulumi", "up", "--yes", "--stack", "sandbox", *quiet]), calmly=True)


def laboratory() -> None:
    with step("laboratory: a year of experiments in MLflow, SageMaker, DynamoDB and S3"):
        require([str(PYTHON), "-m", "sandbox", "laboratory"])


def servers() -> None:
    require([str(PYTHON), "-m", "sandbox", "mlflow"])
    print(f"\n{LAB_CLOSING}")


def show() -> None:
    print("\nWhat now holds:\n", flush=True)
    require(inside(["firnline", "show"]))
    print(flush=True)
    require([str(PYTHON), "-m", "sandbox", "savings"])
    print(flush=True)
    require([str(PYTHON), "-m", "sandbox", "orphans"])


def inside(command: list[str]) -> list[str]:
    """The command as it sees the sandbox."""
    return [str(PYTHON), "-m", "sandbox", "run", "--", *command]


@contextmanager
def step(what: str) -> Iterator[None]:
    print(f"→ {what}", flush=True)
    began = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - began:.1f} s", flush=True)


def require(command: list[str], *, calmly: bool = False) -> None:
    """Run it; stop with its exit code where it fails, as it has said why."""
    code = run_calmly(command) if calmly else run(command)
    if code != 0:
        print(f"\nstopped: `{' '.join(map(_short, command))}` ended with {code}", file=sys.stderr)
        raise SystemExit(code)


def run(command: list[str], folder: Path = CHECKOUT) -> int:
    return subprocess.run(command, cwd=folder, check=False).returncode


def run_calmly(command: list[str]) -> int:
    """Without what the sandbox alone causes the engine to print.

    An interrupt reaches the command too, which is awaited: it finishes what it has begun.
    """
    with (
        _noting_interrupts() as interrupts,
        subprocess.Popen(
            command,
            cwd=CHECKOUT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=_held,
        ) as process,
    ):
        assert process.stdout is not None
        for line in calm(process.stdout):
            print(f"  {without_bad_advice(line)}", flush=True)
    if interrupts:
        raise KeyboardInterrupt
    return process.returncode


@contextmanager
def _noting_interrupts() -> Iterator[list[int]]:
    """They are noted in the list, and end nothing. Where they are ignored, they stay so."""
    noted: list[int] = []
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        yield noted
        return
    signal.signal(signal.SIGINT, lambda number, _frame: noted.append(number))
    try:
        yield noted
    finally:
        signal.signal(signal.SIGINT, before)


def without_bad_advice(line: str) -> str:
    """The engine advises `pulumi cancel` whoever holds the stack; that breaks a deployment which
    still runs."""
    if LOCKED in line:
        return line.partition("Either wait")[0].rstrip()
    if holder := LOCK_HOLDER.search(line):
        if process_start(int(holder[1])) is None:
            advice = "it has ended: `pulumi cancel --stack sandbox` in `make shell` frees the stack"
        else:
            advice = "it still runs: wait until it has ended, then run `make up` again"
        return f"{line}\n  {advice}"
    return line


@contextmanager
def alone() -> Iterator[None]:
    """Two of them in one checkout run one after the other. What `run_calmly` starts holds the lock
    as well, so it is free only when that has ended too."""
    LOCK_FILE.parent.mkdir(exist_ok=True)
    with LOCK_FILE.open("a+", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            print(f"→ waiting for another `make up` in this folder: {lock.read()}", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(f"process {os.getpid()}, since {time.strftime('%H:%M:%S')}")
        lock.flush()
        _held.append(lock.fileno())
        yield


_held: list[int] = []


def stop(message: str) -> None:
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(1)


def _short(word: str) -> str:
    return os.path.relpath(word, CHECKOUT) if word.startswith(str(CHECKOUT)) else word


STEPS: dict[str, tuple[Callable[[], None], ...]] = {
    "install": (require_tools, install),
    "engine": (require_tools, install, engine),
    "up": (require_tools, install, engine, sandbox, resolve, apply, laboratory, show),
    "lab": (require_tools, install, sandbox, laboratory, servers),
}


def main(goal: str) -> None:
    """The steps towards a goal, in order; each says what it does and how long it took."""
    began = time.monotonic()
    with alone():
        for each in STEPS[goal]:
            each()
    if goal == "up":
        print(f"\n{CLOSING}\nAll of it took {time.monotonic() - began:.1f} s. `make down` ends it.")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        print(
            "\ninterrupted: what Pulumi had begun is done, the other buckets are as they were;"
            " run `make up` again to go on",
            file=sys.stderr,
        )
        sys.exit(130)
