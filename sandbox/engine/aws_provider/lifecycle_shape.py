"""The properties of `aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration`.

Names and required keys as in the Python SDK of pulumi-aws 7.51.1 (pulumi_aws/s3/_inputs.py).
"""

from sandbox.engine.aws_provider.shape import boolean, integer, many, mapping, record, text

TOKEN = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"
_NAME = "BucketLifecycleConfiguration"

_AND = record(
    f"{_NAME}RuleFilterAnd",
    objectSizeGreaterThan=integer(),
    objectSizeLessThan=integer(),
    prefix=text(),
    tags=mapping(text()),
)

_FILTER = record(
    f"{_NAME}RuleFilter",
    and_=_AND,
    objectSizeGreaterThan=integer(),
    objectSizeLessThan=integer(),
    prefix=text(),
    tag=record(f"{_NAME}RuleFilterTag", key=text(required=True), value=text(required=True)),
)

_RULE = record(
    f"{_NAME}Rule",
    abortIncompleteMultipartUpload=record(
        f"{_NAME}RuleAbortIncompleteMultipartUpload", daysAfterInitiation=integer()
    ),
    expiration=record(
        f"{_NAME}RuleExpiration",
        date=text(),
        days=integer(),
        expiredObjectDeleteMarker=boolean(),
    ),
    filter=_FILTER,
    id=text(required=True),
    noncurrentVersionExpiration=record(
        f"{_NAME}RuleNoncurrentVersionExpiration",
        newerNoncurrentVersions=integer(),
        noncurrentDays=integer(required=True),
    ),
    noncurrentVersionTransitions=many(
        record(
            f"{_NAME}RuleNoncurrentVersionTransition",
            newerNoncurrentVersions=integer(),
            noncurrentDays=integer(required=True),
            storageClass=text(required=True),
        )
    ),
    prefix=text(),
    status=text(required=True),
    transitions=many(
        record(
            f"{_NAME}RuleTransition",
            date=text(),
            days=integer(),
            storageClass=text(required=True),
        )
    ),
)

SHAPE = record(
    _NAME,
    bucket=text(required=True, replaces=True),
    expectedBucketOwner=text(replaces=True),
    region=text(replaces=True),
    rules=many(_RULE),
    timeouts=record(f"{_NAME}Timeouts", create=text(), update=text()),
    transitionDefaultMinimumObjectSize=text(),
)
