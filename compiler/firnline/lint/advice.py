"""What should change, so that S3 accepts what it refuses? In the spelling of the file's form."""

from __future__ import annotations

import re
from typing import Final

from firnline.diagnostics.fix import Edit, Fix
from firnline.diagnostics.position import Span
from firnline.diagnostics.remedy import Advise, Way, WriteName, WriteValue
from firnline.language.misspelt import misspelt
from firnline.lint.cloudformation_words import advice_in_cloudformation
from firnline.lint.written import Form, Written
from firnline.s3.law import refusals as no
from firnline.s3.law.client_checks import structure_at
from firnline.s3.law.limits import LARGEST_SIZE_BOUND, LONGEST_TAG_KEY, LONGEST_TAG_VALUE
from firnline.s3.law.refusals import Refusal
from firnline.s3.law.verdict import Finding
from firnline.s3.terms import RuleStatus
from firnline.s3.xml_shape import ELEMENT_OF

# In place of the kind's help, where it can be said more exactly.
_ADVICE: Final[dict[Refusal, str]] = {
    no.TAG_TWICE: "write each tag key once",
    no.TAG_KEY: f"write a key of 1 to {LONGEST_TAG_KEY} UTF-16 units",
    no.TAG_VALUE: f"write a value of at most {LONGEST_TAG_VALUE} UTF-16 units",
    no.HALF_A_TAG: "write both",
    no.PREFIX_TOO_LONG: "write a shorter prefix",
    no.LARGER_BOUND: f"write a number of bytes from 0 to {LARGEST_SIZE_BOUND}",
    no.SMALLER_BOUND: f"write a number of bytes from 1 to {LARGEST_SIZE_BOUND}",
    no.EMPTY_RANGE: "let `ObjectSizeLessThan` be greater than `ObjectSizeGreaterThan`",
    no.EMPTY_ACTION: "say after how many days",
    no.NEGATIVE: "write 0 days or more",
    no.NOT_POSITIVE: "write 1 day or more",
}
# The same in another form's spelling, where the kind's help shows JSON.
_XML_DATE: Final = "write it like this: `<Date>2030-01-01T00:00:00Z</Date>`"
_OF_TWO_SCHEMAS: Final = (no.FILTER_IN_V1, no.PREFIX_IN_V2, no.V1_OVERLAP, no.V1_TWICE)
_FILTER_BLOCKS: Final = "write a `filter` block in all rules: `filter {}` for the whole bucket"
_FILTER_INPUTS: Final = "write `filter` in all rules: `filter: {}` for the whole bucket"
_BY_FORM: Final[dict[tuple[Form, Refusal], str]] = {
    (Form.XML, no.NO_SCOPE): "write `<Filter><Prefix>logs/</Prefix></Filter>`, or `<Filter/>` for"
    " the whole bucket",
    (Form.XML, no.BAD_STATUS): "write `<Status>Enabled</Status>`",
    (Form.XML, no.NO_DATE): _XML_DATE,
    (Form.XML, no.NOT_MIDNIGHT): _XML_DATE,
    (Form.YAML, no.NO_SCOPE): "write `Filter: {Prefix: logs/}`, or `Filter: {}` for the whole"
    " bucket",
    (Form.YAML, no.BAD_STATUS): "write `Status: Enabled`",
    # Cloud Custodian's schema refuses `Filter: {}`.
    (Form.CUSTODIAN, no.NO_SCOPE): 'write `Filter: {Prefix: logs/}`, or `Filter: {Prefix: ""}` for'
    " the whole bucket",
    (Form.CUSTODIAN, no.BAD_STATUS): "write `Status: Enabled`",
    (Form.TERRAFORM, no.BAD_STATUS): 'write `status = "Enabled"`',
    (Form.PULUMI, no.BAD_STATUS): 'write `status: "Enabled"`',
    **{(Form.TERRAFORM, each): _FILTER_BLOCKS for each in _OF_TWO_SCHEMAS},
    **{(Form.PULUMI, each): _FILTER_INPUTS for each in _OF_TWO_SCHEMAS},
    (Form.TERRAFORM, no.TWO_SCOPES): "keep `filter`, and drop the `prefix` beside it",
    (Form.PULUMI, no.TWO_SCOPES): "keep `filter`, and drop the `prefix` beside it",
}
_COUNT: Final = "NewerNoncurrentVersions"
_SIZE: Final = "ObjectSize"
_DIGITS: Final = re.compile(r"""(["'])(\d{1,15})\1""")
_S3_NAMES: Final = frozenset({Form.JSON, Form.YAML, Form.XML})  # forms that spell as S3 does


def advice(written: Written, finding: Finding, place: Span) -> tuple[Way | None, Fix | None]:
    """None where the kind's own help says it; a fix where only the spelling is wrong."""
    text = place.source.text[place.start : place.end]
    if written.form is not Form.XML:
        if finding.refusal is no.BAD_STATUS and (status := _status(text)) is not None:
            return _write(status, place)
        if finding.refusal is no.NO_INTEGER and (quoted := _DIGITS.fullmatch(text)):
            return _write(str(int(quoted[2])), place, "without quotes")
    return _meant(written.form, finding) or _advice(written.form, finding), None


def _write(value: str, place: Span, remark: str = "") -> tuple[Way, Fix]:
    return WriteValue(value, remark=remark), Fix((Edit(place, value),), safe=True)


def _status(text: str) -> str | None:
    """The status that is written in other letters, in the quotes that it had."""
    bare = text.strip("\"'")
    name = next((each.value for each in RuleStatus if each.value.lower() == bare.lower()), None)
    return None if name is None else text.replace(bare, name)


def _advice(form: Form, finding: Finding) -> Advise | None:
    refusal, member = finding.refusal, finding.path.rpartition(".")[2]
    if form is Form.CLOUDFORMATION and (said := advice_in_cloudformation(finding)) is not None:
        return Advise(said)
    if refusal in (no.NOT_POSITIVE, no.NO_INTEGER) and member == _COUNT:
        return Advise("write how many newer versions must exist, 1 or more, or leave it out")
    if refusal is no.NO_INTEGER and member.startswith(_SIZE):
        return Advise("write a whole number of bytes")
    text = _BY_FORM.get((form, refusal)) or _ADVICE.get(refusal)
    return Advise(text) if text else None


def _meant(form: Form, finding: Finding) -> WriteName | None:
    """The member that was meant by an unknown one, as the form of the file spells it."""
    parent, _, written = finding.path.rpartition(".")
    if form is Form.XML and finding.refusal is no.WRONG_TYPE and written in ELEMENT_OF:
        return WriteName(ELEMENT_OF[written])  # boto3's name of the list
    structure = structure_at(parent)
    if finding.refusal is not no.UNKNOWN_MEMBER or structure is None or form not in _S3_NAMES:
        return None
    known = {ELEMENT_OF.get(each, each) if form is Form.XML else each for each in structure.members}
    by_lower = {each.lower(): each for each in known}
    near = by_lower.get(written.lower()) or misspelt(written, sorted(known))
    return WriteName(near) if near else None
