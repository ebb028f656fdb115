"""What the make targets do: install what is locked, build, start the development hub, test.

Only the standard library is used here, because this runs before anything is installed.
"""
