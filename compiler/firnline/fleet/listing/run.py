"""Lists a bucket by many requests at a time, and keeps what was listed whatever happens."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from threading import Event
from typing import Final

from firnline.fleet.accounts import THREADS, NoAccess
from firnline.fleet.listing.journal import Journal, ListingPlan, Part
from firnline.fleet.listing.on_disk import OnDisk
from firnline.fleet.listing.request import Listed, ListingRequest, Marker
from firnline.fleet.listing.so_far import Positions, Report, SoFar, stored
from firnline.fleet.listing.source import Source
from firnline.inventory.manifest import InventoryFormat
from firnline.inventory.writer.data_files import ROWS, DataFileWriter, new_data_file

_FEW: Final = 4
"""Of `THREADS`: those that list where each row takes a request too, else those for the rows."""


def run_listing(
    source: Source, plan: ListingPlan, journal: Journal, disk: OnDisk, report: Report
) -> SoFar:
    """Goes on where the journal ends, until everything is listed. Raises `NoAccess`; what was
    listed until then, or until an interrupt, is in the journal.
    """
    positions = Positions(plan, journal.parts(), report)
    _Run(source, plan, journal, disk, positions).to_the_end()
    return positions.so_far


@dataclass(slots=True)
class _Run:
    source: Source
    plan: ListingPlan
    journal: Journal
    disk: OnDisk
    at: Positions
    stop: Event = field(default_factory=Event)

    def to_the_end(self) -> None:
        listing, details = _threads(self.plan.request)
        with ThreadPoolExecutor(details, "firnline-rows") as for_rows:
            pool = ThreadPoolExecutor(listing, "firnline-list")
            numbers = range(len(self.plan.ranges))
            running = [pool.submit(self._range, number, for_rows) for number in numbers]
            try:
                for each in as_completed(running):
                    each.result()
            finally:
                # Also on an interrupt: what runs ends with its page, and that is kept.
                self.stop.set()
                pool.shutdown(cancel_futures=True)

    def _range(self, number: int, for_rows: ThreadPoolExecutor) -> None:
        while self.at.next[number] is not None and not self.stop.is_set():
            self._part(number, for_rows)

    def _part(self, number: int, for_rows: ThreadPoolExecutor) -> None:
        file = new_data_file(
            InventoryFormat.CSV, self.plan.request.fields, self.plan.request.bucket
        )
        began, size = self.at.next[number], 0
        try:
            while file.rows < ROWS and not self.stop.is_set() and (start := self.at.next[number]):
                keys = self.plan.ranges[number]
                rows, next = self.source.page(self.plan.request, keys, start, for_rows)
                file.add(rows)
                size += stored(rows)
                self.at.move(number, rows, next)
        except NoAccess:
            # The pages before it need not be listed again.
            self._keep(number, file, size, began)
            raise
        self._keep(number, file, size, began)

    def _keep(self, number: int, file: DataFileWriter, size: int, began: Marker | None) -> None:
        next = self.at.next[number]
        if next == began:
            return
        name = f"{self.plan.id}-{number:04}-{self.at.parts[number]:04}.{file.suffix}"
        written = self.disk.write_data(name, file.finished()) if file.rows else None
        if next is not None and self.plan.ranges[number].listed is Listed.OBJECTS:
            next = Marker(next.key)  # S3 does not say for how long its token is good
        self.journal.add(Part(number, file.rows, size, written, next))
        self.at.parts[number] += 1


def _threads(request: ListingRequest) -> tuple[int, int]:
    """For pages, and for single rows: together no more than there are connections."""
    if request.tags:
        return _FEW, THREADS - _FEW
    return THREADS - _FEW, _FEW
