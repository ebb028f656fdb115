"""`python -m tools.bootstrap TARGET`: the entry that the Makefile calls."""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 (the point of the check is an older Python)
    sys.exit("error: this Python is too old: 3.11 or newer is needed (make PYTHON=python3.12 ...)")

from .targets import main

sys.exit(main(sys.argv[1:]))
