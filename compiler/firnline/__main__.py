"""`python -m firnline`."""

import sys

from firnline.cli import main

sys.exit(main())
