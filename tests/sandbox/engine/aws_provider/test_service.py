"""The provider over gRPC, against an S3 on loopback."""

import json
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2, struct_pb2
from pulumi.runtime.proto import provider_pb2 as proto
from pulumi.runtime.proto import provider_pb2_grpc

from sandbox.engine.aws_provider.lifecycle_shape import TOKEN
from sandbox.engine.aws_provider.properties import UNKNOWN, from_struct, to_struct
from sandbox.engine.aws_provider.service import AwsProvider
from sandbox.engine.aws_provider.waiting import VARIABLE

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ACCOUNT = "012345670123"
URN = f"urn:pulumi:s::p::{TOKEN}::logs"
BUCKET_URN = "urn:pulumi:s::p::aws:s3/bucket:Bucket::made"
PROVIDER_URN = "urn:pulumi:s::p::pulumi:providers:aws::account"
ROLE = {"roleArn": f"arn:aws:iam::{ACCOUNT}:role/retention", "sessionName": "tests"}
CONFIG = {
    "region": "us-east-1",
    "allowedAccountIds": json.dumps([ACCOUNT]),
    "assumeRoles": json.dumps([ROLE]),
}
RULE: dict[str, Any] = {
    "id": "logs",
    "status": "Enabled",
    "filter": {"prefix": "logs/"},
    "expiration": {"days": 180},
}

Connect = Callable[..., provider_pb2_grpc.ResourceProviderStub]


@pytest.fixture(scope="module")
def connect(aws: str) -> Iterator[Connect]:
    """Starts a provider, not configured yet, with more variables in its environment."""
    assert aws
    servers = []

    def start(**variables: str) -> provider_pb2_grpc.ResourceProviderStub:
        server = grpc.server(ThreadPoolExecutor(16))
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(
            AwsProvider(None, os.environ | variables), server
        )
        port = server.add_insecure_port("127.0.0.1:0")
        server.start()
        servers.append(server)
        return provider_pb2_grpc.ResourceProviderStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    yield start
    for server in servers:
        server.stop(None)


@pytest.fixture(scope="module")
def provider(connect: Connect) -> provider_pb2_grpc.ResourceProviderStub:
    return configured(connect())


def configured(
    stub: provider_pb2_grpc.ResourceProviderStub, **changes: str
) -> provider_pb2_grpc.ResourceProviderStub:
    stub.Configure(proto.ConfigureRequest(args=to_struct(CONFIG | changes)))
    return stub


def inputs(bucket: str, **changes: Any) -> dict[str, Any]:
    return {"bucket": bucket, "region": "us-east-1", "rules": [RULE]} | changes


def create(stub: Any, given: dict[str, Any], urn: str = URN) -> Any:
    return stub.Create(proto.CreateRequest(urn=urn, properties=to_struct(given)))


def refused(call: Callable[[], Any]) -> str:
    with pytest.raises(grpc.RpcError) as caught:
        call()
    return str(caught.value.details())


def live(s3: "S3Client", bucket: str) -> list[Any]:
    return s3.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"]


def test_create_puts_the_configuration_into_the_account_of_the_role(
    provider: Any, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    bucket = new_bucket("created")
    made = create(provider, inputs(bucket))
    assert made.id == bucket
    assert live(s3, bucket) == [
        {
            "ID": "logs",
            "Status": "Enabled",
            "Filter": {"Prefix": "logs/"},
            "Expiration": {"Days": 180},
        }
    ]
    state = from_struct(made.properties)
    assert state["transitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


def test_update_replaces_the_configuration(
    provider: Any, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    bucket = new_bucket("updated")
    old = create(provider, inputs(bucket)).properties
    news = to_struct(inputs(bucket, rules=[RULE | {"id": "other"}]))
    provider.Update(proto.UpdateRequest(urn=URN, id=bucket, olds=old, news=news))
    assert [rule["ID"] for rule in live(s3, bucket)] == ["other"]


def test_delete_removes_the_configuration_and_is_content_where_there_is_none(
    provider: Any, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    bucket = new_bucket("deleted")
    state = create(provider, inputs(bucket)).properties
    for _ in range(2):
        provider.Delete(proto.DeleteRequest(urn=URN, id=bucket, properties=state))
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        live(s3, bucket)


def test_a_preview_writes_nothing_and_knows_what_is_known(
    provider: Any, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    bucket = new_bucket("previewed")
    request = proto.CreateRequest(urn=URN, properties=to_struct(inputs(bucket)), preview=True)
    shown = provider.Create(request)
    assert from_struct(shown.properties)["rules"] == [RULE]
    unknown = proto.CreateRequest(urn=URN, properties=to_struct(inputs(UNKNOWN)), preview=True)
    assert from_struct(provider.Create(unknown).properties)["bucket"] == UNKNOWN
    with pytest.raises(s3.exceptions.ClientError, match="NoSuchLifecycleConfiguration"):
        live(s3, bucket)


def test_a_refresh_of_what_did_not_change_returns_the_same_inputs(
    provider: Any, new_bucket: Callable[[str], str]
) -> None:
    given = inputs(new_bucket("refreshed"), timeouts={"create": "10m"})
    state = create(provider, given).properties
    read = provider.Read(
        proto.ReadRequest(urn=URN, id="refreshed", properties=state, inputs=to_struct(given))
    )
    assert read.id == "refreshed"
    assert from_struct(read.inputs) == given


def test_a_refresh_shows_what_somebody_changed(
    provider: Any, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    bucket = new_bucket("drifted")
    given = inputs(bucket)
    state = create(provider, given).properties
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={
            "Rules": [
                {"ID": "theirs", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}
            ]
        },
    )
    read = provider.Read(
        proto.ReadRequest(urn=URN, id=bucket, properties=state, inputs=to_struct(given))
    )
    (rule,) = from_struct(read.inputs)["rules"]
    assert (rule["id"], rule["expiration"]) == ("theirs", {"days": 1})


@pytest.mark.parametrize("suffix", ["", "@us-east-1"])
def test_an_import_reads_the_bucket_named_by_the_id(
    provider: Any, new_bucket: Callable[[str], str], suffix: str
) -> None:
    bucket = new_bucket(f"imported{len(suffix)}")
    create(provider, inputs(bucket))
    read = provider.Read(proto.ReadRequest(urn=URN, id=bucket + suffix))
    assert read.id == bucket
    found = from_struct(read.inputs)
    assert (found["bucket"], found["region"], found["rules"]) == (bucket, "us-east-1", [RULE])


@pytest.mark.parametrize("bucket", ["without-any", "no-such-bucket"])
def test_a_missing_configuration_means_that_the_resource_is_gone(
    provider: Any, new_bucket: Callable[[str], str], bucket: str
) -> None:
    if bucket == "without-any":
        new_bucket(bucket)
    assert provider.Read(proto.ReadRequest(urn=URN, id=bucket)).id == ""


def test_the_errors_of_s3_arrive_with_code_and_text(provider: Any) -> None:
    said = refused(lambda: create(provider, inputs("nowhere")))
    assert said.startswith(
        "creating S3 Bucket (nowhere) Lifecycle Configuration: operation error S3: "
        "PutBucketLifecycleConfiguration, https response error StatusCode: 404, RequestID: "
    )
    assert "api error NoSuchBucket: The specified bucket does not exist" in said


def test_the_wrong_account_is_not_allowed(connect: Connect) -> None:
    other = json.dumps(["999999999999"])
    said = refused(lambda: configured(connect(), allowedAccountIds=other))
    assert said == f"AWS account ID not allowed: {ACCOUNT}"


def test_a_role_without_an_arn_cannot_be_assumed(connect: Connect) -> None:
    said = refused(lambda: configured(connect(), assumeRoles=json.dumps([{"sessionName": "x"}])))
    assert "IAM Role ARN not set in assume role 1 of 1" in said


def test_an_unknown_key_of_the_provider_is_refused(provider: Any) -> None:
    request = proto.CheckRequest(urn=PROVIDER_URN, news=to_struct({"regoin": "us-east-1"}))
    (failure,) = provider.CheckConfig(request).failures
    assert failure.reason.startswith(
        "could not validate provider configuration: Invalid or unknown key"
    )
    assert "'account.regoin'" in failure.reason


def test_the_providers_region_is_filled_in(provider: Any) -> None:
    request = proto.CheckRequest(urn=URN, news=to_struct({"bucket": "b", "rules": [RULE]}))
    checked = provider.Check(request)
    assert from_struct(checked.inputs)["region"] == "us-east-1"
    assert list(checked.failures) == []


def test_changes_to_be_ignored_are_ignored(provider: Any) -> None:
    request = proto.DiffRequest(
        urn=URN,
        old_inputs=to_struct(inputs("b")),
        news=to_struct(inputs("b", rules=[RULE | {"expiration": {"days": 1}}])),
        ignoreChanges=["rules[0].expiration"],
    )
    assert provider.Diff(request).changes == proto.DiffResponse.DIFF_NONE


def test_a_changed_bucket_is_a_replacement(provider: Any) -> None:
    request = proto.DiffRequest(
        urn=URN, old_inputs=to_struct(inputs("b")), news=to_struct(inputs("c"))
    )
    answer = provider.Diff(request)
    assert list(answer.replaces) == ["bucket"]
    assert answer.detailedDiff["bucket"].kind == proto.PropertyDiff.UPDATE_REPLACE
    assert not answer.deleteBeforeReplace


def test_the_official_wait_reads_ten_times(
    connect: Connect, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    stub = configured(connect(**{VARIABLE: "official:0.002"}))
    patient = inputs(new_bucket("waited"), timeouts={"create": "10h"})  # a busy minute
    started = time.monotonic()
    assert create(stub, patient).id == "waited"
    assert time.monotonic() - started >= 0.002 * (10 + 9 * 5)
    assert live(s3, "waited")


def test_a_cancelled_wait_says_so(connect: Connect, new_bucket: Callable[[str], str]) -> None:
    stub = configured(connect(**{VARIABLE: "official"}))
    given = inputs(new_bucket("cancelled"))
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(lambda: refused(lambda: create(stub, given)))
        stub.Cancel(empty_pb2.Empty())
        assert "While waiting: context canceled" in waiting.result(timeout=50)  # of the wait's 55


def test_a_type_that_is_not_here_is_named(provider: Any) -> None:
    urn = "urn:pulumi:s::p::aws:sqs/queue:Queue::q"
    assert "has no `aws:sqs/queue:Queue`" in refused(lambda: create(provider, {}, urn))


def test_many_writes_at_once_all_arrive(
    provider: Any, s3: "S3Client", new_bucket: Callable[[str], str]
) -> None:
    buckets = [new_bucket(f"many-{number}") for number in range(12)]
    with ThreadPoolExecutor(12) as pool:
        made = list(pool.map(lambda bucket: create(provider, inputs(bucket)), buckets))
    assert [one.id for one in made] == buckets
    assert all(live(s3, bucket) for bucket in buckets)


def test_a_bucket_is_made_and_forced_away_with_what_is_in_it(provider: Any, s3: "S3Client") -> None:
    checked = provider.Check(
        proto.CheckRequest(urn=BUCKET_URN, news=to_struct({"forceDestroy": True}), randomSeed=b"1")
    )
    name = from_struct(checked.inputs)["bucket"]
    assert name.startswith("made-")
    made = create(provider, from_struct(checked.inputs), BUCKET_URN)
    s3.put_object(Bucket=name, Key="a", Body=b"")
    assert provider.Read(proto.ReadRequest(urn=BUCKET_URN, id=name)).id == name
    request = proto.DeleteRequest(urn=BUCKET_URN, id=name, properties=made.properties)
    provider.Delete(request)
    assert provider.Read(proto.ReadRequest(urn=BUCKET_URN, id=name)).id == ""


def test_a_name_given_by_the_provider_stays(provider: Any) -> None:
    def name(seed: bytes, olds: struct_pb2.Struct) -> Any:
        request = proto.CheckRequest(urn=BUCKET_URN, news=to_struct({}), olds=olds, randomSeed=seed)
        return provider.Check(request).inputs

    first = name(b"1", to_struct({}))
    assert name(b"2", first) == first


def test_the_schema_describes_every_type_it_refers_to(provider: Any) -> None:
    schema = json.loads(provider.GetSchema(proto.GetSchemaRequest()).schema)
    assert TOKEN in schema["resources"]
    assert set(_references(schema)) == set(schema["types"])


def _references(node: Any) -> Iterator[str]:
    match node:
        case {"$ref": reference}:
            yield reference.removeprefix("#/types/")
        case dict():
            for inner in node.values():
                yield from _references(inner)
        case list():
            for inner in node:
                yield from _references(inner)
        case _:
            pass  # a value refers to nothing
