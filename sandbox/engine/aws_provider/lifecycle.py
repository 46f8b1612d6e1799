"""The lifecycle configuration of a bucket: written, waited for, read, deleted."""

import re
import threading
import time
from typing import Any

from sandbox.engine.aws_provider import lifecycle_check
from sandbox.engine.aws_provider.credentials import Account
from sandbox.engine.aws_provider.errors import AwsError, as_aws_error
from sandbox.engine.aws_provider.lifecycle_shape import SHAPE, TOKEN
from sandbox.engine.aws_provider.lifecycle_wire import (
    DEFAULT_MINIMUM_SIZE,
    Wire,
    from_wire,
    to_wire,
    without_zeros,
)
from sandbox.engine.aws_provider.properties import Properties, is_unknown
from sandbox.engine.aws_provider.resource import Checked, Declared, Live, ResourceError
from sandbox.engine.aws_provider.waiting import Stopped, TimedOut, Wait, seconds, until_settled

_SIZE = "transitionDefaultMinimumObjectSize"
_GONE = ("NoSuchBucket", "NoSuchLifecycleConfiguration")
_BUCKET_APPEARS_WITHIN = 120.0
_REGION = r"[a-z]{2}(?:-[a-z]+)+-\d"


class LifecycleConfiguration:
    token = TOKEN
    inputs = SHAPE
    outputs = SHAPE

    def __init__(self, account: Account, wait: Wait, stop: threading.Event) -> None:
        self._account = account
        self._wait = wait
        self._stop = stop

    def check(self, inputs: Properties, declared: Declared) -> Checked:
        """The provider's region is filled in before the checks (pulumi-aws provider/region.go)."""
        filled = ({"region": declared.region} if declared.region else {}) | inputs
        failures = lifecycle_check.failures(filled)
        warnings = [] if failures else lifecycle_check.warnings(filled)
        return Checked(filled, failures, warnings)

    def normal(self, inputs: Properties) -> Properties:
        """`transitions` are sets, zeros mean unset, and the minimum size has a default."""
        plain = {_SIZE: DEFAULT_MINIMUM_SIZE} | {k: v for k, v in inputs.items() if v != ""}
        if not isinstance(plain.get("rules"), list) or any(map(is_unknown, plain["rules"])):
            return plain
        return plain | {"rules": [_sorted_sets(rule) for rule in without_zeros(plain["rules"])]}

    def expected(self, inputs: Properties) -> Properties:
        return {_SIZE: DEFAULT_MINIMUM_SIZE, "expectedBucketOwner": ""} | inputs

    def create(self, inputs: Properties, timeout: float | None) -> Live:
        rules = to_wire(inputs["rules"])
        state = self._write("creating", inputs, rules, _timeout(inputs, "create", timeout))
        return Live(_id(inputs), state, inputs)

    def update(self, inputs: Properties, state: Properties, timeout: float | None) -> Properties:
        rules = to_wire(inputs["rules"], prior=state.get("rules"))
        return self._write("updating", inputs, rules, _timeout(inputs, "update", timeout))

    def read(self, id: str, state: Properties, inputs: Properties) -> Live | None:
        where = state or _imported(id)
        region = where.get("region") or self._account.config.region
        try:
            found = self._get(where)
        except AwsError as error:
            if error.code in _GONE:
                return None
            message = f"reading S3 Bucket Lifecycle Configuration ({where['bucket']}): {error}"
            raise ResourceError(message) from error
        new_state = _state({**where, "region": region}, found)
        live = {**_identity(new_state), "rules": without_zeros(new_state["rules"])}
        if _SIZE in new_state:
            live[_SIZE] = new_state[_SIZE]
        kept = {key: inputs[key] for key in ("timeouts",) if key in inputs}
        live_inputs = inputs if self._same(inputs, live) else live | kept
        return Live(_id(new_state), new_state, live_inputs)

    def delete(self, state: Properties) -> None:
        bucket = state["bucket"]
        client = self._account.s3(state.get("region"))
        try:
            _call("DeleteBucketLifecycle", client.delete_bucket_lifecycle, _target(state))
        except AwsError as error:
            if error.code not in _GONE:
                message = f"deleting S3 Bucket Lifecycle Configuration ({bucket}): {error}"
                raise ResourceError(message) from error

    def _same(self, inputs: Properties, live: Properties) -> bool:
        ours = {key: value for key, value in inputs.items() if key != "timeouts"}
        return bool(inputs) and self.normal(ours) == self.normal(live)

    def _write(
        self, doing: str, inputs: Properties, rules: list[Wire], timeout: float
    ) -> Properties:
        bucket = inputs["bucket"]
        size = inputs.get(_SIZE) or DEFAULT_MINIMUM_SIZE
        title = f"{doing} S3 Bucket ({bucket}) Lifecycle Configuration"
        request = _target(inputs) | {
            "LifecycleConfiguration": {"Rules": rules},
            "TransitionDefaultMinimumObjectSize": size,
        }
        try:
            self._put(inputs, request)
        except AwsError as error:
            raise ResourceError(f"{title}: {error}") from error
        try:
            if self._wait.official:
                self._settle(inputs, rules, size, timeout)
            return _state(inputs, self._get(inputs))
        except (AwsError, TimedOut, Stopped) as error:
            raise ResourceError(f"{title}: While waiting: {error}") from error

    def _put(self, inputs: Properties, request: Wire) -> None:
        client = self._account.s3(inputs.get("region"))
        deadline = time.monotonic() + _BUCKET_APPEARS_WITHIN * self._wait.scale
        while True:
            try:
                _call(
                    "PutBucketLifecycleConfiguration",
                    client.put_bucket_lifecycle_configuration,
                    request,
                )
            except AwsError as error:
                late = time.monotonic() >= deadline
                if error.code != "NoSuchBucket" or late or self._stop.wait(self._wait.scale):
                    raise
            else:
                return

    def _settle(self, inputs: Properties, rules: list[Wire], size: str, timeout: float) -> None:
        def equal() -> bool | None:
            try:
                found = self._get(inputs)
            except AwsError as error:
                if error.code in _GONE:
                    return None
                raise
            same_size = found.get("TransitionDefaultMinimumObjectSize", "") == size
            return same_size and _same_rules(found["Rules"], rules)

        until_settled(self._wait, timeout, equal, self._stop)

    def _get(self, where: Properties) -> Any:
        client = self._account.s3(where.get("region"))
        return _call(
            "GetBucketLifecycleConfiguration",
            client.get_bucket_lifecycle_configuration,
            _target(where),
        )


def _call(operation: str, method: Any, request: Wire) -> Any:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return method(**request)
    except (ClientError, BotoCoreError) as error:
        raise as_aws_error("S3", operation, error) from error


def _target(where: Properties) -> Wire:
    target = {"Bucket": where["bucket"]}
    if where.get("expectedBucketOwner"):
        target["ExpectedBucketOwner"] = where["expectedBucketOwner"]
    return target


def _state(inputs: Properties, found: Any) -> Properties:
    state: Properties = {"expectedBucketOwner": "", **inputs, "rules": from_wire(found["Rules"])}
    # An emulator may leave the header out; S3 in the commercial regions never does.
    if size := found.get("TransitionDefaultMinimumObjectSize"):
        state[_SIZE] = size
    return state


def _identity(state: Properties) -> Properties:
    keys = ("bucket", "region", "expectedBucketOwner")
    return {key: state[key] for key in keys if state.get(key)}


def _same_rules(found: list[Any], sent: list[Wire]) -> bool:
    """Whatever the order of rules; the order inside a rule counts (lifecycleConfigEqual)."""
    return len(found) == len(sent) and all(rule in sent for rule in found)


def _sorted_sets(rule: Properties) -> Properties:
    keys = ("transitions", "noncurrentVersionTransitions")
    return rule | {
        key: sorted(rule[key], key=_sort_key) for key in keys if isinstance(rule.get(key), list)
    }


def _sort_key(move: Any) -> str:
    return repr(sorted(move.items())) if isinstance(move, dict) else repr(move)


def _timeout(inputs: Properties, action: str, requested: float | None) -> float:
    """The resource's `timeouts`, else Pulumi's `customTimeouts`, else three minutes."""
    given = inputs.get("timeouts", {}).get(action)
    return requested if requested and given is None else seconds(given)


def _id(where: Properties) -> str:
    """`bucket`, or `bucket,owner`: createResourceID in internal/service/s3/bucket.go."""
    owner = where.get("expectedBucketOwner")
    return f"{where['bucket']},{owner}" if owner else str(where["bucket"])


def _imported(id: str) -> Properties:
    """From `bucket`, `bucket,owner`, and either of them with `@region` behind it."""
    found = re.fullmatch(rf"(?P<bucket>[^,@]+)(,(?P<owner>\d{{12}}))?(@(?P<region>{_REGION}))?", id)
    if not found:
        raise ResourceError(
            f"unexpected format for ID ({id}), expected BUCKET or BUCKET,EXPECTED_BUCKET_OWNER, "
            "and @REGION behind it where the region is not the provider's"
        )
    where = {"bucket": found["bucket"]}
    if found["owner"]:
        where["expectedBucketOwner"] = found["owner"]
    if found["region"]:
        where["region"] = found["region"]
    return where
