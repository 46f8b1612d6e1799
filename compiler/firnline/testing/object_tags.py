"""Does a PutObjectTagging take all tags away?"""

from __future__ import annotations

from firnline.s3.xml_tree import MalformedXml, read_xml


def has_no_tags(body: bytes) -> bool:
    """Whether it is a `Tagging` with an empty `TagSet`, which S3 takes (S3 API, PutObjectTagging:
    `TagSet` is required, its members are not)."""
    try:
        root = read_xml(body)
    except MalformedXml:
        return False
    tags = root.child("TagSet")
    return root.name == "Tagging" and tags is not None and not tags.children
