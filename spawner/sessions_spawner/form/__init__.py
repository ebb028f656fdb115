"""The form on the hub's spawn page: plain HTML, the same fields and checks as everywhere."""

from .page import keep_typed, make_form
from .reading import FormError, read_form, typed_values

__all__ = ["FormError", "keep_typed", "make_form", "read_form", "typed_values"]
