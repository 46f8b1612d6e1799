"""The environment in which boto3, the AWS CLI, pulumi and firnline see the sandbox, and only it."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sandbox.emulator_process import python
from sandbox.engine.find import Engine
from sandbox.paths import CHECKOUT, SandboxPaths
from sandbox.state import State

REGION = "us-east-1"

# What would take precedence over what we set, or lead somewhere else.
UNSET = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_CLOUDWATCH",
    "AWS_S3_ENDPOINT",  # this and the next three are read by the AWS provider alone
    "AWS_STS_ENDPOINT",
    "TF_AWS_S3_ENDPOINT",
    "TF_AWS_STS_ENDPOINT",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
)
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Environment:
    set: dict[str, str]
    unset: tuple[str, ...] = UNSET

    def applied_to(self, environ: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in environ.items() if name not in self.unset}
        return {**kept, **self.set}

    def as_shell(self) -> str:
        """Lines for `eval`, in any POSIX shell."""
        exports = [f"export {name}={shlex.quote(value)}" for name, value in self.set.items()]
        return "\n".join([f"unset {' '.join(self.unset)}", *exports]) + "\n"


def point_at(
    state: State, paths: SandboxPaths, environ: Mapping[str, str], engine: Engine | None
) -> Environment:
    """`environ`: what holds now; `engine`: the one that can be used, if there is any yet."""
    return Environment(
        {
            "AWS_ENDPOINT_URL": state.endpoint,
            "AWS_ACCESS_KEY_ID": state.access_key_id,
            "AWS_SECRET_ACCESS_KEY": state.secret_access_key,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": str(paths.empty_aws_config),
            "AWS_SHARED_CREDENTIALS_FILE": str(paths.empty_aws_config),
            "AWS_EC2_METADATA_DISABLED": "true",
            **_past_proxies(environ),
            "PULUMI_BACKEND_URL": f"file://{paths.backend(state.world)}",
            "PULUMI_CONFIG_PASSPHRASE": "",
            "PULUMI_HOME": str(paths.pulumi_home),
            # `destroy` and `refresh` too begin with the program, which stops in the wrong world.
            "PULUMI_RUN_PROGRAM": "true",
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            # The engine writes a log of each command, 0.3 MB for an `up`, and would keep 500 MB.
            "PULUMI_LOG_ROTATION_MAX_AGE_DAYS": "2",
            "PULUMI_LOG_ROTATION_MAX_TOTAL_MB": "20",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "1",
            "PATH": _path(paths, environ.get("PATH", os.defpath), engine),
        }
    )


def _past_proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """A proxy of the company would not find our loopback."""
    listed = {name: environ.get(name, "").split(",") for name in ("NO_PROXY", "no_proxy")}
    return {
        name: ",".join(dict.fromkeys([*filter(None, hosts), _LOOPBACK]))
        for name, hosts in listed.items()
    }


def _path(paths: SandboxPaths, path: str, engine: Engine | None) -> str:
    ours = [python(paths).parent, *_pulumi_folders(engine)]
    folders = [*map(str, ours), *filter(None, path.split(os.pathsep))]
    return os.pathsep.join(dict.fromkeys(folders))


def _pulumi_folders(engine: Engine | None) -> list[Path]:
    """The AWS provider is the sandbox's in any case; the language host goes with our engine only.

    An official engine finds its own host beside itself.
    """
    stand_ins = CHECKOUT / "sandbox" / "engine" / "bin"
    if engine is None:
        return []
    if not engine.ours:
        return [stand_ins / "provider"]
    return [stand_ins / "provider", stand_ins / "language", engine.path.parent]
