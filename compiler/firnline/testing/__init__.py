"""S3 as it answers to lifecycle, for tests: ours and anybody's.

    with testing.serve() as aws:
        s3 = aws.client("s3", account="210987654321")

One emulator per process: moto keeps its accounts there. `stored` dates and sizes objects.
"""

from firnline.rules.law.xml_tree import Element
from firnline.testing.faults import BadFault, Fault
from firnline.testing.front import Front
from firnline.testing.lifecycle import Judge, accept_all
from firnline.testing.lifecycle_law import Rejection, law
from firnline.testing.lifecycle_xml import Configuration
from firnline.testing.moto_process import CALLER, AlreadyServing, Caller
from firnline.testing.requests_log import LoggedRequest
from firnline.testing.server import Emulator, World, new_world_id, serve

__all__ = [
    "CALLER",
    "AlreadyServing",
    "BadFault",
    "Caller",
    "Configuration",
    "Element",
    "Emulator",
    "Fault",
    "Front",
    "Judge",
    "LoggedRequest",
    "Rejection",
    "World",
    "accept_all",
    "law",
    "new_world_id",
    "serve",
]
