"""All layouts that are known, in one table."""

from __future__ import annotations

from typing import Final

from firnline.consumers.backups import BACKUPS
from firnline.consumers.layout import Layout
from firnline.consumers.logs import LOGS
from firnline.consumers.states import STATES
from firnline.consumers.table_formats import TABLE_FORMATS
from firnline.consumers.training import TRAINING

LAYOUTS: Final[tuple[Layout, ...]] = (*TABLE_FORMATS, *STATES, *BACKUPS, *LOGS, *TRAINING)
