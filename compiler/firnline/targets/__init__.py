"""`RuleSet` → outputs. A new one is a module here and a line in `TARGETS`."""

from collections.abc import Callable, Mapping

from firnline.pipeline import Compilation
from firnline.targets import s3_json, text

TARGETS: Mapping[str, tuple[str, Callable[[Compilation], str]]] = {
    "text": ("what happens to the objects, in words", text.render),
    "s3-json": ("S3's own JSON, by account/region/bucket", s3_json.render),
}
