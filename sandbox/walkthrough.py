"""`make up`: from a fresh clone to checked lifecycle rules on seven buckets, by a real `pulumi up`.

Runs before the virtual environment exists: standard library only, any Python from 3.11.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = CHECKOUT / "requirements.lock"
STAMP = VENV / ".installed-from"
OLDEST_PYTHON = (3, 11)

CLOSING = """\
S3 runs lifecycle once a day and may take 48 hours to act on new rules; the sandbox only keeps them.
The same program works on AWS: see "On your own AWS" in README.md.

Worth trying:
  make shell                                  then: firnline show acme-ml-artifacts-use1
  sed -i.bak s/180d/18d/ policies/ml-artifacts.yaml && make preview     what a small edit does
  .venv/bin/firnline explain FL301            the mistake S3 never tells you about
"""


def up() -> int:
    """Everything, in order; each step says what it does and how long it took."""
    began = time.monotonic()
    require_tools()
    install()
    engine()
    sandbox()
    resolve()
    apply()
    show()
    print(f"\n{CLOSING}\nAll of it took {time.monotonic() - began:.1f} s. `make down` ends it.")
    return 0


def require_tools() -> None:
    """Stops before anything is done where something is missing that cannot be installed here."""
    if sys.version_info < OLDEST_PYTHON:
        wanted, found = ".".join(map(str, OLDEST_PYTHON)), sys.version.split()[0]
        stop(f"Python {wanted} or newer is needed, this is {found}; name one: make PYTHON=python3.12")
    if not shutil.which("git"):
        stop("git is needed and not on the PATH")
    if run([sys.executable, "-m", "sandbox.engine", "--check"]) != 0:
        raise SystemExit(1)


def install() -> None:
    """The virtual environment, again whenever the lock has changed."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
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
    with step("Pulumi engine"):
        require([str(PYTHON), "-m", "sandbox.engine"])


def sandbox() -> None:
    with step("sandbox: an emulated S3 with three accounts"):
        require([str(PYTHON), "-m", "sandbox", "up"])


def resolve() -> None:
    with step("firnline resolve: which buckets are there?"):
        require(inside(["firnline", "resolve"]))


def apply() -> None:
    with step("pulumi up: the rules go live"):
        require(inside(["pulumi", "stack", "select", "--create", "sandbox"]))
        require(inside(["pulumi", "up", "--yes", "--stack", "sandbox", "--suppress-outputs"]))


def show() -> None:
    print("\nWhat now holds:\n", flush=True)
    require(inside(["firnline", "show"]))


def inside(command: list[str]) -> list[str]:
    """The command as it sees the sandbox."""
    return [str(PYTHON), "-m", "sandbox", "run", "--", *command]


@contextmanager
def step(what: str) -> Iterator[None]:
    print(f"→ {what}", flush=True)
    began = time.monotonic()
    yield
    print(f"  done in {time.monotonic() - began:.1f} s", flush=True)


def require(command: list[str]) -> None:
    """Run it; stop with its exit code where it fails, as it has said why."""
    code = run(command)
    if code != 0:
        print(f"\nstopped: `{' '.join(map(_short, command))}` ended with {code}", file=sys.stderr)
        raise SystemExit(code)


def run(command: list[str]) -> int:
    return subprocess.run(command, cwd=CHECKOUT, check=False).returncode


def stop(message: str) -> None:
    print(f"error: {message}", file=sys.stderr)
    raise SystemExit(1)


def _short(word: str) -> str:
    return os.path.relpath(word, CHECKOUT) if word.startswith(str(CHECKOUT)) else word


COMMANDS: dict[str, Callable[[], object]] = {
    "up": up,
    "install": lambda: (require_tools(), install()),
    "engine": lambda: (require_tools(), install(), engine()),
    "sandbox": lambda: (require_tools(), install(), engine(), sandbox()),
}

if __name__ == "__main__":
    try:
        COMMANDS[sys.argv[1] if len(sys.argv) > 1 else "up"]()
    except KeyboardInterrupt:
        print("\ninterrupted: run `make up` again to go on where it stopped", file=sys.stderr)
        sys.exit(130)
