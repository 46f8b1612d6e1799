"""PUT, GET and DELETE ?lifecycle answer with S3's statuses, headers and errors."""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from firnline import testing

STAGING, PROD = "210987654321", "012345670123"
HEADER = "x-amz-transition-default-minimum-object-size"
RULE = (
    "<Rule><ID>a</ID><Filter/><Status>Enabled</Status>"
    "<Expiration><Days>1</Days></Expiration></Rule>"
)
RULES: Any = [{"ID": "a", "Status": "Enabled", "Filter": {}, "Expiration": {"Days": 1}}]


def document(inside: str = RULE) -> str:
    return f"<LifecycleConfiguration>{inside}</LifecycleConfiguration>"


def digest(body: str | bytes) -> str:
    content = body.encode() if isinstance(body, str) else body
    return base64.b64encode(hashlib.md5(content).digest()).decode()


def error_of(call: Callable[..., Any], **arguments: Any) -> tuple[int, str, str]:
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    response: Any = caught.value.response
    error = response["Error"]
    return response["ResponseMetadata"]["HTTPStatusCode"], error["Code"], error["Message"]


def test_the_minimum_size_is_128k_when_the_header_is_absent(bucket: str, speak: Any) -> None:
    put = speak("PUT", f"/{bucket}?lifecycle", document(), Content_MD5=digest(document()))
    got = speak("GET", f"/{bucket}?lifecycle")
    assert (put.status, put.body, got.status) == (200, "", 200)
    assert put.headers[HEADER] == got.headers[HEADER] == "all_storage_classes_128K"


def test_the_minimum_size_is_kept_until_a_put_without_it(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(
        Bucket=bucket,
        LifecycleConfiguration={"Rules": RULES},
        TransitionDefaultMinimumObjectSize="varies_by_storage_class",
    )
    first = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": RULES})
    second = s3.get_bucket_lifecycle_configuration(Bucket=bucket)
    assert first["TransitionDefaultMinimumObjectSize"] == "varies_by_storage_class"
    assert second["TransitionDefaultMinimumObjectSize"] == "all_storage_classes_128K"


@pytest.mark.parametrize("value", ["", "128K"])
def test_an_unknown_minimum_size_is_refused(bucket: str, speak: Any, value: str) -> None:
    headers = {"Content_MD5": digest(document()), HEADER: value}
    answer = speak("PUT", f"/{bucket}?lifecycle", document(), **headers)
    assert answer.status == 400
    assert "<Code>InvalidRequest</Code>" in answer.body


def test_a_bucket_without_configuration_answers_404_in_s3s_words(bucket: str, speak: Any) -> None:
    answer = speak("GET", f"/{bucket}?lifecycle")
    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/xml"
    request_id, host_id = answer.headers["x-amz-request-id"], answer.headers["x-amz-id-2"]
    assert answer.body == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Error>'
        "<Code>NoSuchLifecycleConfiguration</Code>"
        "<Message>The lifecycle configuration does not exist</Message>"
        f"<BucketName>{bucket}</BucketName>"
        f"<RequestId>{request_id}</RequestId><HostId>{host_id}</HostId></Error>"
    )


def test_delete_answers_204_whether_there_was_a_configuration_or_not(
    aws: testing.Emulator, bucket: str
) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": RULES})
    for _ in range(2):
        answer = s3.delete_bucket_lifecycle(Bucket=bucket)
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert error_of(s3.get_bucket_lifecycle_configuration, Bucket=bucket)[0] == 404


BOMB = "".join(f'<!ENTITY e{n} "&e{n - 1};&e{n - 1};">' for n in range(1, 30))
MALFORMED = {
    "nothing": "",
    "no XML": "{}",
    "cut off": document()[:-1],
    "no rule": document(""),
    "1,001 rules": document(RULE * 1001),
    "another root": f"<Lifecycle>{RULE}</Lifecycle>",
    "another child": document(f"{RULE}<Extra/>"),
    "another namespace": document().replace("<Rule>", '<Rule xmlns="http://example.com/">'),
    "text among elements": document(f"{RULE}text"),
    "a document type": f"<!DOCTYPE LifecycleConfiguration>{document()}",
    "entities": f'<!DOCTYPE l [<!ENTITY e0 "x">{BOMB}]>{document("<Rule>&e29;</Rule>")}',
    "an outside entity": f'<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/passwd">]>{document("&e;")}',
    "100,000 levels": document("<Rule>" * 100_000),
    "an unknown encoding": f'<?xml version="1.0" encoding="klingon"?>{document()}',
    "bytes that are no text": b"<LifecycleConfiguration>\xff\xfe</LifecycleConfiguration>",
    "a control character": document("<Rule>\x01</Rule>"),
}


@pytest.mark.parametrize("body", MALFORMED.values(), ids=MALFORMED)
def test_what_is_no_lifecycle_document_is_malformed_xml(
    bucket: str, speak: Any, body: str | bytes
) -> None:
    answer = speak("PUT", f"/{bucket}?lifecycle", body, Content_MD5=digest(body))
    assert answer.status == 400
    assert "<Code>MalformedXML</Code>" in answer.body
    assert speak("GET", f"/{bucket}?lifecycle").status == 404


def test_1000_rules_are_accepted(bucket: str, speak: Any) -> None:
    body = document("".join(RULE.replace("<ID>a", f"<ID>a{number}") for number in range(1000)))
    assert speak("PUT", f"/{bucket}?lifecycle", body, Content_MD5=digest(body)).status == 200


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "InvalidRequest"),
        ({"Content_MD5": "no base64"}, "InvalidDigest"),
        ({"Content_MD5": digest("something else")}, "BadDigest"),
    ],
)
def test_a_body_without_its_checksum_is_refused(
    bucket: str, speak: Any, headers: dict[str, str], code: str
) -> None:
    answer = speak("PUT", f"/{bucket}?lifecycle", document(), **headers)
    assert answer.status == 400
    assert f"<Code>{code}</Code>" in answer.body


def test_other_accounts_neither_see_nor_change_the_configuration(
    aws: testing.Emulator, bucket: str
) -> None:
    ours, theirs = aws.client("s3", account=STAGING), aws.client("s3", account=PROD)
    lifecycle: Any = {"Rules": RULES}
    ours.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration=lifecycle)
    denied = (403, "AccessDenied", "Access Denied")
    assert error_of(theirs.get_bucket_lifecycle_configuration, Bucket=bucket) == denied
    assert error_of(theirs.delete_bucket_lifecycle, Bucket=bucket) == denied
    assert denied == error_of(
        theirs.put_bucket_lifecycle_configuration,
        Bucket=bucket,
        LifecycleConfiguration=lifecycle,
    )
    assert ours.get_bucket_lifecycle_configuration(Bucket=bucket)["Rules"] == RULES


def test_a_bucket_that_does_not_exist_is_no_such_bucket(aws: testing.Emulator) -> None:
    s3 = aws.client("s3", account=STAGING)
    status, code, _ = error_of(s3.get_bucket_lifecycle_configuration, Bucket="acme-nowhere")
    assert (status, code) == (404, "NoSuchBucket")


def test_another_owner_than_expected_is_denied(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    get = s3.get_bucket_lifecycle_configuration
    assert error_of(get, Bucket=bucket, ExpectedBucketOwner=PROD)[:2] == (403, "AccessDenied")
    assert error_of(get, Bucket=bucket, ExpectedBucketOwner=STAGING)[0] == 404


def test_a_bucket_made_anew_has_no_configuration(aws: testing.Emulator, bucket: str) -> None:
    s3 = aws.client("s3", account=STAGING)
    s3.put_bucket_lifecycle_configuration(Bucket=bucket, LifecycleConfiguration={"Rules": RULES})
    s3.delete_bucket(Bucket=bucket)
    s3.create_bucket(Bucket=bucket)
    assert error_of(s3.get_bucket_lifecycle_configuration, Bucket=bucket)[0] == 404


def test_what_the_judge_rejects_leaves_the_old_configuration() -> None:
    def judge(configuration: testing.Configuration) -> testing.Rejection | None:
        names = [rule.child("ID") for rule in configuration.rules]
        if any(name and name.text == "bad" for name in names):
            return testing.Rejection("InvalidArgument", "not so", (("ArgumentName", "ID"),))
        return None

    with testing.serve(judge=judge) as aws:
        s3 = aws.client("s3", account=STAGING)
        s3.create_bucket(Bucket="acme-one")
        put = s3.put_bucket_lifecycle_configuration
        put(Bucket="acme-one", LifecycleConfiguration={"Rules": RULES})
        bad = [{**RULES[0], "ID": "bad"}]
        refused = error_of(put, Bucket="acme-one", LifecycleConfiguration={"Rules": bad})
        assert refused == (400, "InvalidArgument", "not so")
        live = s3.get_bucket_lifecycle_configuration(Bucket="acme-one")
        assert live["Rules"] == RULES
