"""`python -m firnline`."""

import sys

from firnline.program import main

sys.exit(main())
