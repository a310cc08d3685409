"""`python -m mooring` is `mooring`."""

import sys

from mooring.cli.main import main

sys.exit(main())
