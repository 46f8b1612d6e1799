"""Runs a program that prints what is needed, a line of JSON each, and its certificate last."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Event, Timer
from typing import IO, Final

from firnline.diagnostics.masked import without_secrets
from firnline.language.fleet_registries import Program
from firnline.reach.reference_lines import BadLine, Line, from_json
from firnline.reach.registries.world import World
from firnline.reach.source import CannotRead

_LONGEST_LINE: Final = 1 << 20
_END_OF_ERRORS: Final = 2000


@dataclass(frozen=True, slots=True)
class ProgramSource:
    """Read as it prints, so that it may print a million lines."""

    settings: Program
    world: World

    def read(self) -> Iterator[Line]:
        """Raises `CannotRead`."""
        with tempfile.TemporaryFile() as errors, _running(self._start(errors)) as process:
            stopped = Event()
            timer = Timer(self.settings.timeout, _stop, (process, stopped))
            timer.daemon = True
            timer.start()
            try:
                yield from self._lines(process)
                process.wait()
            except CannotRead:
                if not stopped.is_set():  # otherwise the line was cut because we stopped it
                    raise
            finally:
                timer.cancel()
            self._refuse_failure(process, errors, stopped=stopped.is_set())

    def _start(self, errors: IO[bytes]) -> subprocess.Popen[bytes]:
        words = [each.value for each in self.settings.command]
        try:
            return subprocess.Popen(
                words,
                cwd=self.world.folder,
                env=dict(self.world.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                start_new_session=True,  # so that what it starts is stopped with it
            )
        except OSError as why:
            raise CannotRead(
                f"cannot be started, `{words[0]}`: {why.strerror}: correct `command`, which runs in"
                " the folder of the fleet file"
            ) from None

    def _lines(self, process: subprocess.Popen[bytes]) -> Iterator[Line]:
        assert process.stdout is not None
        number = 0
        while line := process.stdout.readline(_LONGEST_LINE):
            number += 1
            if line.strip():
                yield from _read(line, number)

    def _refuse_failure(
        self, process: subprocess.Popen[bytes], errors: IO[bytes], *, stopped: bool
    ) -> None:
        if stopped:
            raise CannotRead(
                f"did not end within {self.settings.timeout} seconds and was stopped: let it run"
                " longer with `timeout`, or make it faster"
            )
        if process.returncode:
            said = self._last_error(errors)
            raise CannotRead(
                f"ended with exit code {process.returncode}{said}: run"
                f" `{without_secrets(self.settings.command[0].value)}` by hand and mend it"
            )

    def _last_error(self, errors: IO[bytes]) -> str:
        """The last line that it wrote on stderr, without secrets of the environment."""
        errors.seek(0, os.SEEK_END)
        errors.seek(max(0, errors.tell() - _END_OF_ERRORS))
        lines = errors.read().decode(errors="replace").strip().splitlines()
        if not lines:
            return ""
        return f" (`{without_secrets(lines[-1], _secrets_in(self.world))}`)"


def _secrets_in(world: World) -> Iterator[str]:
    """Values of variables whose names say that they are secret."""
    for name, value in world.environment.items():
        if len(value) > 3 and any(word in name.upper() for word in _SECRET_NAMES):
            yield value


_SECRET_NAMES: Final = ("SECRET", "TOKEN", "PASSWORD", "PASSWD", "KEY", "CREDENTIAL", "DSN", "URL")


def _read(line: bytes, number: int) -> Iterator[Line]:
    """Raises `CannotRead`."""
    try:
        said = json.loads(line)
        if not isinstance(said, dict):
            raise BadLine("it is no JSON object")
        yield from from_json(said)
    except BadLine as wrong:
        raise CannotRead(
            f"printed a line {number} that cannot be read: {wrong}: print lines as"
            " `firnline gc refs --out FILE` writes them"
        ) from None
    except ValueError:
        raise CannotRead(
            f"printed a line {number} that is no JSON: print on stdout nothing but lines as"
            " `firnline gc refs --out FILE` writes them"
        ) from None


@contextmanager
def _running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """It runs no longer than this."""
    try:
        yield process
    finally:
        if process.poll() is None:
            _kill(process)
        process.wait()
        if process.stdout:
            process.stdout.close()


def _stop(process: subprocess.Popen[bytes], stopped: Event) -> None:
    stopped.set()
    _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
