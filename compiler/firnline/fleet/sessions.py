"""Sessions of boto3, all of them with one copy of the models of services."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import boto3
    import botocore.session
    from botocore.loaders import Loader


def session_of(
    region: str, credentials: object | None = None, profile: str | None = None
) -> boto3.session.Session:
    import boto3

    core = botocore_session()
    if profile is not None:
        core.set_config_variable("profile", profile)
    core.get_component("response_parser_factory").set_parser_defaults(
        timestamp_parser=read_timestamp
    )
    if credentials is not None:
        # `set_credentials` does not accept refreshable credentials.
        core._credentials = credentials  # type: ignore[attr-defined]  # not in the stubs
    return boto3.session.Session(botocore_session=core, region_name=region)


def profiles() -> frozenset[str]:
    """Those in the AWS configuration of this machine."""
    return frozenset(botocore_session().available_profiles)


def botocore_session() -> botocore.session.Session:
    """Each session would load the service models again: 0.1 s for every account."""
    import botocore.session

    core = botocore.session.get_session()
    core.register_component("data_loader", _loader())
    # Tokens of the global endpoint are not valid in regions that must be enabled.
    core.set_config_variable("sts_regional_endpoints", "regional")
    return core


@cache
def _loader() -> Loader:
    from botocore.loaders import create_loader

    return create_loader()


def read_timestamp(value: Any) -> datetime:
    """As S3 writes them in lists, a thousand in each, at once: botocore takes 30 µs for every one,
    half of the time of a listing. Others are left to it.
    """
    if isinstance(value, str) and value.endswith("Z") and value[10:11] == "T":
        return datetime.fromisoformat(value)
    from botocore.utils import parse_timestamp

    return parse_timestamp(value)
