"""The program `firnline`: a command whose streams take everything, and that any interrupt ends."""

import os
import sys

try:
    import signal
    from typing import NoReturn
except KeyboardInterrupt:
    os._exit(130)


def main() -> int:
    """The exit code of a command."""
    try:
        return _interruptible()
    except KeyboardInterrupt:
        _stop()


def _interruptible() -> int:
    # Below `nohup` and in background jobs interrupts are ignored, and stay so.
    heeded = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
    if heeded:
        signal.signal(signal.SIGINT, _stop)
        # What is raised in a callback of Python's own, such as a weak reference's, nobody catches:
        # it would be printed, and the command would go on.
        sys.unraisablehook = _stop_or_print
    from firnline.cli import main as command  # takes a while, in which an interrupt may come
    from firnline.cli.streams import prepare

    prepare()
    if not heeded:
        return command()
    code = command(on_start=_let_it_undo)
    signal.signal(signal.SIGINT, _stop)  # Python takes a while to end, too
    return code


def _let_it_undo() -> None:
    """A command may have something to undo. While it is imported it has not, and libraries that are
    not written in Python make other errors of a KeyboardInterrupt.
    """
    signal.signal(signal.SIGINT, _raise_once)


def _raise_once(*_: object) -> None:
    """Whoever interrupts a second time will not wait for anything."""
    signal.signal(signal.SIGINT, _stop)
    raise KeyboardInterrupt


def _stop(*_: object) -> NoReturn:
    try:
        os.write(2, b"interrupted\n")
    finally:
        os._exit(130)


def _stop_or_print(unraisable: "sys.UnraisableHookArgs") -> None:
    if isinstance(unraisable.exc_value, KeyboardInterrupt):
        _stop()
    sys.__unraisablehook__(unraisable)
