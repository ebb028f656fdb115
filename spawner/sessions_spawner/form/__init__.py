"""The form on the hub's spawn page: plain HTML, the same fields and checks as everywhere."""

from .page import FormTerms, make_form
from .reading import FormError, new_drive_in, read_form
from .typed import (
    Place,
    Typed,
    Unfinished,
    keep_typed,
    read_link,
    read_typed,
    take_typed,
    typed_here,
)

__all__ = [
    "FormError",
    "FormTerms",
    "Place",
    "Typed",
    "Unfinished",
    "keep_typed",
    "make_form",
    "new_drive_in",
    "read_form",
    "read_link",
    "read_typed",
    "take_typed",
    "typed_here",
]
