"""Where is the recipe for what S3 cannot say directly?"""

from __future__ import annotations

from typing import Final

TAG_AT_WRITE: Final = "`firnline explain FL308`"
"""Objects that no prefix selects: the writer tags them, and a retention filters by the tag."""
