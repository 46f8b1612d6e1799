"""An S3 emulator whose lifecycle works, for tests: ours and anybody's.

    with testing.serve() as aws:
        s3 = aws.client("s3", account="210987654321")
        aws.advance(days=180)

or the pytest fixture `s3_with_lifecycle` (docs/testing.md). One emulator per process: moto keeps
its accounts there. `seed` creates objects of any size and age.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from firnline.s3.simulate.stored import LifecycleAction
    from firnline.s3.simulate.tally import Tally
    from firnline.s3.xml_tree import Element
    from firnline.testing.advance_report import AdvanceReport, BucketSummary
    from firnline.testing.emulated_clock import BadAdvance
    from firnline.testing.faults import BadFault, Fault
    from firnline.testing.fixture import S3WithLifecycle, s3_with_lifecycle
    from firnline.testing.lifecycle import Judge, accept_all
    from firnline.testing.lifecycle_law import Rejection, law
    from firnline.testing.lifecycle_rules import UnreadableRules
    from firnline.testing.lifecycle_xml import Configuration
    from firnline.testing.middleware import Middleware
    from firnline.testing.moto_process import CALLER, AlreadyServing, Caller
    from firnline.testing.plan_advance import LifecycleEvent
    from firnline.testing.request_log import LoggedRequest
    from firnline.testing.sagemaker.change import BadSageMakerChange, SageMakerChange
    from firnline.testing.server import Emulator, World, new_world_id, serve

__all__ = [
    "CALLER",
    "AdvanceReport",
    "AlreadyServing",
    "BadAdvance",
    "BadFault",
    "BadSageMakerChange",
    "BucketSummary",
    "Caller",
    "Configuration",
    "Element",
    "Emulator",
    "Fault",
    "Judge",
    "LifecycleAction",
    "LifecycleEvent",
    "LoggedRequest",
    "Middleware",
    "Rejection",
    "S3WithLifecycle",
    "SageMakerChange",
    "Tally",
    "UnreadableRules",
    "World",
    "accept_all",
    "law",
    "new_world_id",
    "s3_with_lifecycle",
    "serve",
]

# Imported on first use: pytest loads this package for its fixture in every project where it is
# installed, and moto takes a second to import.
_HOMES = {
    "firnline.s3.xml_tree": ("Element",),
    "firnline.s3.simulate.stored": ("LifecycleAction",),
    "firnline.testing.plan_advance": ("LifecycleEvent",),
    "firnline.s3.simulate.tally": ("Tally",),
    "firnline.testing.advance_report": ("AdvanceReport", "BucketSummary"),
    "firnline.testing.emulated_clock": ("BadAdvance",),
    "firnline.testing.faults": ("BadFault", "Fault"),
    "firnline.testing.middleware": ("Middleware",),
    "firnline.testing.lifecycle": ("Judge", "accept_all"),
    "firnline.testing.lifecycle_law": ("Rejection", "law"),
    "firnline.testing.lifecycle_rules": ("UnreadableRules",),
    "firnline.testing.lifecycle_xml": ("Configuration",),
    "firnline.testing.moto_process": ("CALLER", "AlreadyServing", "Caller"),
    "firnline.testing.request_log": ("LoggedRequest",),
    "firnline.testing.fixture": ("S3WithLifecycle", "s3_with_lifecycle"),
    "firnline.testing.sagemaker.change": ("BadSageMakerChange", "SageMakerChange"),
    "firnline.testing.server": ("Emulator", "World", "new_world_id", "serve"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
