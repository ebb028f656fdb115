"""Sessions as processes of this machine: for trying out, teaching on one machine, and tests.

The fork server imports this package: it stays empty, so that no part of the hub gets into it.
"""
