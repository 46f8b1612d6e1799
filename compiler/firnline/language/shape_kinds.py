"""The kinds of mistakes in the shape of a file."""

from __future__ import annotations

from firnline.diagnostics.kinds import Kind, Severity

SPEC_VERSION = Kind(
    code="FL101",
    name="spec-version",
    severity=Severity.ERROR,
    title="this is not a Firnline file of a known kind",
    is_spelling=True,
    why="Every file below `policies/` is read or refused; none is skipped silently.",
    help="this version reads policy/v1, fleet/v1, fleet-lock/v1, expectations/v1 and approvals/v1;"
    " move other files elsewhere",
    wrong="firnline: policy/v9\npolicy: lab\n",
    right="policy: lab",
)
MISSING_KEY = Kind(
    code="FL102",
    name="missing-key",
    severity=Severity.ERROR,
    title="a required key is missing",
    is_spelling=True,
    why="A file that deletes data must state its owner, its reason, its scope and its retentions.",
    help="add the key",
    wrong="retain: {tmp: {prefix: tmp/}}",
    right="retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
)
UNKNOWN_KEY = Kind(
    code="FL103",
    name="unknown-key",
    severity=Severity.ERROR,
    title="there is no such key",
    is_spelling=True,
    why="If a misspelt key were ignored, its setting would never take effect.",
    help="remove the key",
    wrong="retain: {tmp: {prefix: tmp/, delete_afer: 7d, delete_after: 7d}}",
    right="retain: {tmp: {prefix: tmp/, delete_after: 7d}}",
)
WRONG_SHAPE = Kind(
    code="FL104",
    name="wrong-shape",
    severity=Severity.ERROR,
    title="this value has the wrong shape",
    is_spelling=True,
    why="Each key takes one kind of value, so that a value can mean one thing only.",
    help="write a value of the kind that the key takes: `firnline schema policy`, `fleet` or"
    " `expectations` lists them",
    wrong="retain: {tmp: {prefix: {starts: tmp/}, delete_after: 7d}}",
    right="retain: {tmp: {prefix: [tmp/, temp/], delete_after: 7d}}",
)
BAD_DURATION = Kind(
    code="FL105",
    name="bad-duration",
    severity=Severity.ERROR,
    title="this is not a duration",
    is_spelling=True,
    why="S3 counts whole days: `1m` could be a month or a minute, and a bare `7` days or years.",
    help="write days, weeks or years, such as 30d, 2w or 7y, or never",
    wrong="retain: {tmp: {prefix: tmp/, delete_after: 30 days}}",
    right="retain: {tmp: {prefix: tmp/, delete_after: 30d}}",
)
UNKNOWN_NAME = Kind(
    code="FL109",
    name="unknown-name",
    severity=Severity.ERROR,
    title="this name is not known",
    is_spelling=True,
    why="A rule for an account, a bucket or a class that does not exist has no effect.",
    help="correct the name, or define it",
    wrong={
        "fleet.yaml": (
            "firnline: fleet/v1\nnamespace: acme\n"
            'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
        ),
        "policy.yaml": "applies_to: [{account: lib, buckets: lab-data}]",
    },
    right={
        "fleet.yaml": (
            "firnline: fleet/v1\nnamespace: acme\n"
            'accounts: {lab: {id: "111122223333", regions: us-east-1}}\n'
        ),
        "policy.yaml": "applies_to: [{account: lab, buckets: lab-data}]",
    },
)
BAD_DATE = Kind(
    code="FL110",
    name="bad-date",
    severity=Severity.ERROR,
    title="this is not a date",
    is_spelling=True,
    why="31-03-2027 and 03/31/2027 are read differently in different countries.",
    help="write year, month, day, such as 2027-03-31",
    wrong="review_by: 31-03-2027",
    right="review_by: 2027-03-31",
)
BAD_SIZE = Kind(
    code="FL106",
    name="bad-size",
    severity=Severity.ERROR,
    title="this is not a size",
    is_spelling=True,
    why="`128KB` is 128,000 bytes to some and 131,072 to others; S3's own minimum is 131,072.",
    help="write B, KiB, MiB, GiB or TiB, such as 128KiB for 131,072 bytes",
    wrong="retain: {big: {prefix: big/, size: {over: 128KB}, delete_after: 30d}}",
    right="retain: {big: {prefix: big/, size: {over: 128KiB}, delete_after: 30d}}",
)
