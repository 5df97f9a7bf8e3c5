"""`python -m analysis` is the command `workbook`."""

import sys

from analysis.cli import main

sys.exit(main())
