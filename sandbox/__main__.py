"""`python -m sandbox`: start and stop it, advance its clock, run a shell or a command in it."""

import argparse
import io
import json
import os
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from sandbox import (
    advance,
    emulator_process,
    environment,
    inventory,
    laboratory,
    mlflow_server,
    request_log,
)
from sandbox.emulator_process import SandboxError
from sandbox.engine.errors import EngineError
from sandbox.engine.find import present_engine
from sandbox.environment import Environment
from sandbox.fleet.plan import Size
from sandbox.laboratory import LaboratoryFailed
from sandbox.mlflow_server import ServerFailed
from sandbox.own_requests import RequestFailed
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.savings import NoForecast, saved
from sandbox.state import State, UnreadableState, read_state

NOT_RUNNING = "the sandbox is not running: `python -m sandbox up` starts it"


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # bars, on a screen that has only ASCII
    try:
        return int(options.command(options, SandboxPaths(options.root.resolve())))
    except (SandboxError, UnreadableState, EngineError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except ModuleNotFoundError as missing:  # it runs with any Python, and some commands need more
        own = CHECKOUT / ".venv" / "bin" / "python"
        print(f"error: this Python lacks {missing.name}: run it with {own}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--root", type=Path, default=CHECKOUT, help=argparse.SUPPRESS)
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    up = commands.add_parser("up", help="start it in the background, if it is not running")
    up.add_argument("--quiet", action="store_true", help="say nothing unless it fails")
    up.set_defaults(command=_up)
    commands.add_parser("down", help="end it, and its world").set_defaults(command=_down)
    commands.add_parser("status", help="say whether it runs").set_defaults(command=_status)
    commands.add_parser("env", help='for eval "$(python -m sandbox env)"').set_defaults(
        command=_env
    )
    shell = commands.add_parser("shell", help="a shell that sees it")
    _add_folder(shell)
    shell.set_defaults(command=_shell)
    run = commands.add_parser("run", help="run one command that sees it: run -- CMD …")
    _add_folder(run)
    run.add_argument("words", nargs=argparse.REMAINDER, metavar="-- CMD …")
    run.set_defaults(command=_run)
    requests = commands.add_parser("requests", help="its request log, one line each")
    requests.add_argument("--follow", action="store_true", help="and new requests as they come")
    requests.set_defaults(command=_requests)
    forward = commands.add_parser("advance", help="advance its clock: lifecycle actions take place")
    forward.add_argument("duration", nargs="?", help="by a duration: 180d, 26w, 7y")
    forward.add_argument("--until", metavar="DATE", help="to the midnight UTC that begins a day")
    forward.add_argument("--out", choices=["table", "json"], default="table")
    forward.set_defaults(command=_advance)
    inventories = commands.add_parser("inventory", help="where the newest inventories are")
    inventories.add_argument("bucket", nargs="?", help="only print the path of its manifest.json")
    inventories.add_argument(
        "--format",
        choices=inventory.FORMATS,
        help="deliver all of them now, and from now on, in this format",
    )
    inventories.set_defaults(command=_inventory)
    logs = commands.add_parser("access-logs", help="server access logs of a bucket, made up")
    logs.add_argument("bucket", metavar="BUCKET")
    logs.add_argument("folder", metavar="FOLDER", type=Path, help="where to write them")
    logs.set_defaults(command=_access_logs)
    savings = commands.add_parser("savings", help="what the policies save on what is stored now")
    savings.set_defaults(command=_savings)
    foreign = commands.add_parser(
        "foreign-buckets", help="make three buckets with rules of others, to practise adoption"
    )
    foreign.set_defaults(command=_foreign_buckets)
    _add_fleet(commands)
    _add_laboratory(commands)
    return parser


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-C", dest="folder", metavar="DIR", type=Path, help="begin there")


def _add_fleet(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    fleet = commands.add_parser(
        "fleet", help="make accounts in waves and a project for them, to practise rollouts"
    )
    for name, usual in asdict(Size()).items():
        text = "of each bucket" if name == "rules" else "of each account" * (name == "buckets")
        help = f"{text} (default: {usual})".strip()
        fleet.add_argument(f"--{name}", type=int, default=usual, metavar="N", help=help)
    stacks = "write the stack files too, which rollout makes and plain pulumi needs"
    fleet.add_argument("--stacks", action="store_true", help=stacks)
    where = "of its project (default: .sandbox/fleet)"
    fleet.add_argument("folder", nargs="?", type=Path, metavar="DIR", help=where)
    fleet.set_defaults(command=_fleet)


def _add_laboratory(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    built = commands.add_parser("laboratory", help="build the one of examples/ in it")
    built.set_defaults(command=_laboratory)
    orphans = commands.add_parser("orphans", help="what nobody needs of the laboratory's bucket")
    orphans.set_defaults(command=_orphans)
    server = commands.add_parser("mlflow", help="start MLflow's server on the laboratory")
    server.add_argument("--port", type=int, default=mlflow_server.PORT)
    server.set_defaults(command=_mlflow)


def _up(options: argparse.Namespace, paths: SandboxPaths) -> int:
    started = emulator_process.up(paths)
    if not options.quiet:
        how = "runs already" if started.was_running else f"started in {started.seconds:.1f} s"
        print(f"sandbox {how}: {started.state.endpoint} (world {started.state.world})")
    return 0


def _down(_options: argparse.Namespace, paths: SandboxPaths) -> int:
    if (state := read_state(paths.state)) and (server := mlflow_server.end(state, paths)):
        print(f"MLflow's server ended: process {server.pid}")
    ended = emulator_process.down(paths)
    if ended:
        print(f"sandbox ended: process {ended.pid}, and world {ended.world} with its Pulumi state")
    else:
        print("sandbox: nothing was running")
    return 0


def _status(_options: argparse.Namespace, paths: SandboxPaths) -> int:
    state = emulator_process.find_running(paths)
    if state is None:
        print(NOT_RUNNING)
        return 1
    print(f"running   process {state.pid}, since {state.started}")
    print(f"endpoint  {state.endpoint}")
    print(f"world     {state.world}")
    print(f"requests  {paths.request_log}")
    return 0


def _env(_options: argparse.Namespace, paths: SandboxPaths) -> int:
    print(_environment(paths).as_shell(), end="")
    return 0


def _shell(options: argparse.Namespace, paths: SandboxPaths) -> int:
    applied = _environment(paths).applied_to(os.environ)
    tools = [
        *(["aws"] if shutil.which("aws", path=applied["PATH"]) else []),
        "boto3",
        "pulumi",
        "firnline",
    ]
    print(
        f"{', '.join(tools)} see the sandbox in this shell; `exit` leaves it\n"
        "the accounts' roles are arn:aws:iam::<account>:role/retention",
        file=sys.stderr,
    )
    return _become([os.environ.get("SHELL", "/bin/sh")], applied, options.folder)


def _run(options: argparse.Namespace, paths: SandboxPaths) -> int:
    words = options.words[1:] if options.words[:1] == ["--"] else options.words
    if not words:
        print("error: which command? python -m sandbox run -- CMD …", file=sys.stderr)
        return 2
    return _become(words, _environment(paths).applied_to(os.environ), options.folder)


def _requests(options: argparse.Namespace, paths: SandboxPaths) -> int:
    if not paths.request_log.exists():
        print(NOT_RUNNING, file=sys.stderr)
        return 1
    try:
        for line in request_log.read_lines(paths.request_log, follow=options.follow):
            print(line, flush=options.follow)
    except BrokenPipeError:  # `| head` has seen enough
        sys.stderr.close()
    return 0


def _advance(options: argparse.Namespace, paths: SandboxPaths) -> int:
    if (options.duration is None) == (options.until is None):
        print("error: say how far: `advance 180d` or `advance --until DATE`", file=sys.stderr)
        return 2
    duration, until = options.duration, options.until
    how_far = {"until": until} if duration is None else {"for": duration}
    try:
        report = advance.advance(_require_running(paths), how_far)
    except RequestFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    as_json = options.out == "json"
    print(json.dumps(report, indent=2) if as_json else "\n".join(advance.as_text(report)))
    return 0


def _inventory(options: argparse.Namespace, paths: SandboxPaths) -> int:
    state = _require_running(paths)
    try:
        if options.format:
            inventory.write_as(state, options.format)
    except RequestFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    found = [
        each for each in inventory.newest(state, paths) if options.bucket in (None, each.bucket)
    ]
    if options.bucket is None:
        print("\n".join(inventory.as_text(found)))
        print(f"on disk too, below {paths.inventories(state.world)}", file=sys.stderr)
        return 0
    if not found:
        print(f"error: the sample world has no bucket `{options.bucket}`", file=sys.stderr)
        return 2
    print(found[0].path)
    return 0


def _access_logs(options: argparse.Namespace, paths: SandboxPaths) -> int:
    from sandbox.access_logs import write_access_logs  # the table engine is slow to import

    found = [
        each
        for each in inventory.newest(_require_running(paths), paths)
        if each.bucket == options.bucket
    ]
    if not found:
        print(f"error: the sample world has no bucket `{options.bucket}`", file=sys.stderr)
        return 2
    count = write_access_logs(found[0].path, options.bucket, options.folder)
    print(f"{count:,} requests to {options.bucket} in 60 days, made up, below {options.folder}")
    return 0


def _foreign_buckets(_: argparse.Namespace, paths: SandboxPaths) -> int:
    from sandbox.foreign_buckets import create  # boto3 is slow to import

    print(create(_require_running(paths)))
    return 0


def _fleet(options: argparse.Namespace, paths: SandboxPaths) -> int:
    from sandbox.fleet.create import FolderInUse, create  # boto3 is slow to import

    folder = (options.folder or paths.folder / "fleet").resolve()
    try:
        size = Size(options.accounts, options.buckets, options.rules, options.waves)
        print(create(_require_running(paths), paths, size, folder, stacks=options.stacks))
    except (FolderInUse, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"its project is {folder}: python -m sandbox run -C {folder} -- firnline resolve")
    return 0


def _savings(_: argparse.Namespace, paths: SandboxPaths) -> int:
    try:
        print(saved(_require_running(paths), paths))
    except NoForecast as why:
        print(f"error: {why}", file=sys.stderr)
        return 1
    return 0


def _laboratory(_: argparse.Namespace, paths: SandboxPaths) -> int:
    try:
        print(laboratory.build(_require_running(paths), paths))
    except LaboratoryFailed as why:
        print(
            f"{why}\nerror: the laboratory was not built: begin with a new world, by"
            " `python -m sandbox down`",
            file=sys.stderr,
        )
        return 1
    return 0


def _orphans(_: argparse.Namespace, paths: SandboxPaths) -> int:
    try:
        print(laboratory.orphans(_require_running(paths), paths))
    except LaboratoryFailed as why:
        print(why, file=sys.stderr)
        return 1
    return 0


def _mlflow(options: argparse.Namespace, paths: SandboxPaths) -> int:
    try:
        print(mlflow_server.start(_require_running(paths), paths, options.port).url)
    except ServerFailed as why:
        print(f"error: {why}", file=sys.stderr)
        return 1
    return 0


def _become(words: list[str], environ: dict[str, str], folder: Path | None) -> int:
    """Does not return: this process becomes the command, with its exit code and its signals."""
    program = shutil.which(words[0], path=environ["PATH"])
    if program is None:
        print(f"error: there is no command `{words[0]}` on the PATH", file=sys.stderr)
        return 127
    sys.stdout.flush()
    if folder is not None:
        try:
            os.chdir(folder)
        except OSError as error:
            print(f"error: {folder}: {error.strerror}", file=sys.stderr)
            return 2
    os.execve(program, words, environ)


def _environment(paths: SandboxPaths) -> Environment:
    state = _require_running(paths)
    return environment.point_at(state, paths, os.environ, present_engine(paths.root))


def _require_running(paths: SandboxPaths) -> State:
    state = emulator_process.find_running(paths)
    if state is None:
        raise SandboxError(NOT_RUNNING)
    return state


if __name__ == "__main__":
    sys.exit(main())
