"""FL734 to FL742: how what is live can differ from what policies and lock say."""

from __future__ import annotations

from typing import Final

from firnline.diagnostics.kinds import Kind, Severity

_RULE: Final = "{ID: %s, Status: Enabled, Filter: {Prefix: %s}, Expiration: {Days: %d}}"
_OURS: Final = _RULE % ("firnline/acme/ml/tmp", "tmp/", 30)
_MOVES: Final = (
    "{ID: by-hand, Status: Enabled, Filter: {Prefix: old/},"
    " Transitions: [{Days: 90, StorageClass: GLACIER}]}"
)


def _example(live: str, expected: str = _OURS) -> str:
    return f"expected: [{expected}]\nlive: [{live}]\n"


AS_EXPECTED: Final = _example(_OURS)

SHORT_EXPIRY: Final = Kind(
    code="FL734",
    name="short-expiry-appeared",
    severity=Severity.ERROR,
    title="live rules delete sooner than the policies do",
    why=(
        "Whoever may write a bucket's lifecycle can delete all of it without one request to delete:"
        " S3 does it, at the next midnight, and no CloudTrail event names the objects. Attackers"
        " use that (MITRE ATT&CK T1485.001, Lifecycle-Triggered Deletion), and a mistake does the"
        " same. Until that midnight nothing is lost. It is told where something is deleted after at"
        " most 7 days, or by a rule that no policy has."
    ),
    help=(
        "write the rules of the policies again with `pulumi up`, before the next midnight UTC; then"
        " find out who wrote these: `firnline show BUCKET --writers`"
    ),
    wrong=_example(f"{_OURS}, {_RULE % ('cleanup', '', 1)}"),
    right=AS_EXPECTED,
)
RULES_DIFFER: Final = Kind(
    code="FL735",
    name="live-rules-differ",
    severity=Severity.ERROR,
    title="the live rules do something else than the policies say",
    why=(
        "Somebody changed them outside of Pulumi, or the policies have changed and are not rolled"
        " out yet. Pulumi compares with its own state, so it does not notice by itself."
    ),
    help=(
        "look who wrote them with `firnline show BUCKET --writers`; `firnline verify --base"
        " git:REV` tells apart what is only not rolled out yet"
    ),
    wrong=_example(_RULE % ("firnline/acme/ml/tmp", "tmp/", 90)),
    right=AS_EXPECTED,
)
RULES_MISSING: Final = Kind(
    code="FL736",
    name="rules-missing",
    severity=Severity.ERROR,
    title="none of the rules that the policies give a bucket is live",
    why=(
        "They were removed, with all other rules or alone, or were never rolled out. Nothing of"
        " what the policies say happens there: what they delete stays, and is paid for."
    ),
    help="run `pulumi refresh --run-program=false`, then `pulumi up`, which writes them again",
    wrong=_example(""),
    right=AS_EXPECTED,
)
FOREIGN_RULES_CHANGED: Final = Kind(
    code="FL737",
    name="foreign-rules-changed",
    severity=Severity.ERROR,
    title="rules that Firnline did not write are not those of the lock",
    why=(
        "Since `firnline resolve`, somebody added a rule beside those of the policies, or changed"
        " or removed one that they keep. The next deployment refuses to write over it."
    ),
    help="run `firnline resolve`, and say in the policy what happens to these rules",
    wrong=_example(f"{_OURS}, {_MOVES}"),
    right=AS_EXPECTED,
)
BUCKET_GONE: Final = Kind(
    code="FL738",
    name="bucket-gone",
    severity=Severity.ERROR,
    title="a bucket of the lock does not exist any more",
    why=(
        "It was deleted, or is another account's by now: a name that was given up is free for"
        " anybody. A deployment that writes it fails."
    ),
    help="run `firnline resolve`, which takes it out of the lock",
    wrong=f"expected: [{_OURS}]\nexists: false\n",
    right=AS_EXPECTED,
)
BUCKET_UNLISTED: Final = Kind(
    code="FL739",
    name="bucket-unlisted",
    severity=Severity.ERROR,
    title="a policy covers a bucket that the lock does not have",
    why="It was made since `firnline resolve` ran, so no deployment gives it the policies' rules.",
    help="run `firnline resolve`, commit the lock, and deploy",
    wrong="covers: acme-*\nlock: [acme-dev]\nbuckets: [acme-dev, acme-new]\n",
    right="covers: acme-*\nlock: [acme-dev]\nbuckets: [acme-dev, somebody-elses]\n",
)
SETTINGS_CHANGED: Final = Kind(
    code="FL740",
    name="bucket-settings-changed",
    severity=Severity.ERROR,
    title="versioning or Object Lock of a bucket is not as in the lock",
    why=(
        "The rules were proved for the bucket as it was. In a versioned bucket an expiration only"
        " hides an object, in one that never was it deletes it at once; Object Lock keeps versions"
        " that a rule would delete."
    ),
    help="run `firnline resolve`, and review what its change does with `firnline diff`",
    wrong=f"{AS_EXPECTED}versioning: suspended\n",
    right=f"{AS_EXPECTED}versioning: enabled\n",
)
REPLICA_WITHOUT_LIFECYCLE: Final = Kind(
    code="FL741",
    name="replica-without-lifecycle",
    severity=Severity.WARNING,
    title="objects are replicated to a bucket that has no lifecycle",
    why=(
        "Lifecycle actions are not replicated, nor are delete markers that lifecycle makes: what"
        " the policies delete here stays there for ever (S3 User Guide, Lifecycle and other bucket"
        " configurations)."
    ),
    help="cover the destination by a policy too",
    wrong=f"{AS_EXPECTED}replicated_to: [acme-replica]\n",
    right=f"{AS_EXPECTED}replicated_to: []\n",
)
NOT_ROLLED_OUT: Final = Kind(
    code="FL742",
    name="not-rolled-out",
    severity=Severity.NOTE,
    title="what is live is what an earlier revision of the policies says",
    why=(
        "The policies have changed since, and the change has not reached this bucket: nobody"
        " touched it."
    ),
    help="run `pulumi up`",
    wrong=_example(_RULE % ("firnline/acme/ml/tmp", "tmp/", 90))
    + f"before: [{_RULE % ('firnline/acme/ml/tmp', 'tmp/', 90)}]\n",
    right=AS_EXPECTED + f"before: [{_RULE % ('firnline/acme/ml/tmp', 'tmp/', 90)}]\n",
)
