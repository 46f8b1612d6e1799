"""How is a value written, of which the schema gives the title?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from firnline.diagnostics.remedy import Advise


def how_to_write(what: str) -> Advise | None:
    """An instruction, by the title that the schema gives to the value."""
    written = _HOW_TO_WRITE.get(what)
    return Advise(written) if written else None


_HOW_TO_WRITE: Final[Mapping[str, str]] = {
    "bucket": "write account/region/bucket, as `firnline diff` prints it",
    "list of buckets": "write account/region/bucket, as `firnline diff` prints it, or a list",
    "code of a gate": "write the code of a gate, such as FL401",
    "list of codes": "write codes of gates, such as [FL401, FL402]",
    "digest of an item": "write it as `firnline diff` prints it, such as sha256:6f1c…",
    "list of approvals": "let `firnline approve` write them",
    "list of emergencies": "write a list,"
    " such as [{buckets: …, codes: FL401, why: …, by: …, until: …}]",
    "code": "write one code, such as FL403, or a name that `firnline explain` lists",
    "name": "use lower-case letters, digits, `-`, `_` and `.`, a letter or digit first",
    "bucket name": 'write a name, a pattern such as logs-*, or "!logs-tmp" to exclude one',
    "bucket name or list of bucket names": "write a name, a pattern such as logs-*, or a list",
    "account id of 12 digits": 'write all 12 digits in quotes, such as "012345678901"',
    "prefix": "write the beginning of the keys, such as logs/",
    "prefix or list of prefixes": "write the beginning of the keys, such as logs/, or a list",
    "role ARN": "write it whole, such as arn:aws:iam::012345678901:role/retention",
    "external ID": "write 2 to 1224 letters, digits and characters of _+=,.@:/-",
    "region": "write it as AWS does, such as us-east-1",
    "region or list of regions": "write it as AWS does, such as us-east-1, or a list",
    "name of a hold": "use letters, digits, `-`, `_` and `.`, a letter or digit first",
    "name of an environment variable": "write the name of the variable that holds the URL,"
    " such as REGISTRY_URL",
    "location of artifacts": "write it such as s3://acme-mlflow/artifacts",
    "URL without user or password": "write it such as https://mlflow.acme.example",
    "file or S3 location": "write it such as s3://acme-registry/models.json",
    "age": "write days, weeks or years, such as 45d",
    "key without its bucket": "write the key alone, such as runs/17/x, and the bucket in `buckets`",
    "map of ages to fates": "write each age with what S3 has done by then,"
    " such as {45d: STANDARD_IA, 180d: deleted}",
    "map of cases": "write each under a name,"
    " such as {old-runs: {key: runs/17/x, expect: {30d: deleted}}}",
    "retention": "write its settings below it, such as {prefix: logs/, delete_after: 30d}",
    "map of tiers to storage classes": "write one for each tier, such as {archive: GLACIER}",
    "map of settings": "write its settings below it, or in braces: {…_after: 30d}",
    "account label": "write a label of the fleet file, such as lab",
    "count": "write a whole number, such as 3",
    "list of accounts and buckets": "write a list, such as [{account: lab, buckets: acme-logs}]",
    "list of waivers": "write a list, such as [{code: FL403, why: …, expires: 2027-03-31}]",
    "map of `over` and `under`": "write one bound or both, such as {over: 128KiB}",
    "map of holds": "write each under its name,"
    " such as {lit-7: {prefix: …, ask_again: 2027-03-31, …}}",
    "map of promises": "write each under a name,"
    " such as {audit: {prefix: audit/, keep_at_least: 7y}}",
    "map of retentions": "write each under a name,"
    " such as {logs: {prefix: logs/, delete_after: 30d}}",
    "map of tags": "write keys and values, such as {class: temporary}",
}
