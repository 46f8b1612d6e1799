"""Which exit code `firnline verify` has where nothing, or only part of the fleet, is known."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from firnline.cli.verify_answer import Verification
from firnline.diagnostics.repository import Repository
from firnline.fleet.accounts import NoAccess
from firnline.fleet.questions import Failure
from firnline.fleet.verify.series import Patience
from firnline.fleet.verify.verified import State, VerifiedBucket
from tests.fleet.small_world import PROD
from tests.fleet.verify.buckets import PLACE, expects, ours

WHY = Failure(PLACE.account, PLACE.name, NoAccess(PROD, "s3:GetLifecycleConfiguration", "no"))
REFUSED = VerifiedBucket(expects(ours()), State.UNREAD, failure=WHY)
CHANGING = VerifiedBucket(expects(ours()), State.UNREAD, unsure=True)
AGREES = VerifiedBucket(expects(ours()), State.AGREES)


@pytest.mark.parametrize(
    ("buckets", "code"),
    [
        ((AGREES,), 0),
        ((REFUSED, REFUSED), 3),
        ((CHANGING, CHANGING), 10),
        ((CHANGING, REFUSED), 10),
        ((AGREES, REFUSED), 10),
        ((), 2),
    ],
)
def test_answers_that_kept_changing_are_answers(
    buckets: tuple[VerifiedBucket, ...], code: int
) -> None:
    found = Verification(
        folder="policies",
        base=None,
        at=datetime(2026, 11, 30, tzinfo=UTC),
        patience=Patience(),
        accounts=(PLACE.account,),
        buckets=buckets,
        others=(),
        not_listed=(),
        repository=Repository("/", "/", "fleet.lock.yaml"),
        namespace="acme",
    )
    assert found.exit_code == code
