"""`python -m sessions_service`: the same as the command `jupyterhub-sessions`."""

import sys

from sessions_service.cli import main

sys.exit(main())
