"""Each bucket's lifecycle configuration, whole, and the one before it."""

from __future__ import annotations

from threading import Lock

from firnline.testing.lifecycle_xml import Configuration


class LifecycleStore:
    """None stands for a bucket without a configuration, which is a normal state."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now: dict[str, Configuration | None] = {}
        self._before: dict[str, Configuration | None] = {}

    def current(self, bucket: str) -> Configuration | None:
        with self._lock:
            return self._now.get(bucket)

    def previous(self, bucket: str) -> Configuration | None:
        """The configuration before the last write: S3 may still return it for a while."""
        with self._lock:
            return self._before.get(bucket)

    def put(self, bucket: str, configuration: Configuration) -> None:
        self._write(bucket, configuration)

    def delete(self, bucket: str) -> None:
        self._write(bucket, None)

    def forget(self, bucket: str) -> None:
        """The bucket itself was deleted: a new one of the same name has no configuration."""
        with self._lock:
            self._now.pop(bucket, None)
            self._before.pop(bucket, None)

    def _write(self, bucket: str, configuration: Configuration | None) -> None:
        with self._lock:
            self._before[bucket] = self._now.get(bucket)
            self._now[bucket] = configuration
