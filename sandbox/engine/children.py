"""The processes a plugin has started, so that none of them outlives it."""

import subprocess
import threading
from collections.abc import Mapping, Sequence

_GRACE = 2.0


class Children:
    """Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[bytes]] = set()

    def start(
        self,
        command: Sequence[str],
        *,
        cwd: str,
        env: Mapping[str, str],
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> subprocess.Popen[bytes]:
        """Its output goes where the plugin's own goes, unless said otherwise."""
        with self._lock:
            child = subprocess.Popen(
                command, cwd=cwd or None, env=dict(env), stdout=stdout, stderr=stderr
            )
            self._running.add(child)
        return child

    def wait(self, child: subprocess.Popen[bytes]) -> int:
        code = child.wait()
        with self._lock:
            self._running.discard(child)
        return code

    def end(self, child: subprocess.Popen[bytes]) -> None:
        """SIGTERM, then SIGKILL; does nothing if it has exited."""
        if child.poll() is not None:
            return
        child.terminate()
        try:
            child.wait(_GRACE)
        except subprocess.TimeoutExpired:
            child.kill()

    def end_all(self) -> None:
        with self._lock:
            running = list(self._running)
        for child in running:
            if child.poll() is None:
                child.terminate()
        for child in running:
            self.end(child)
