"""The share of an image of one's own."""

from __future__ import annotations

from ...request import LaunchRequest
from ...request.images import parse_image
from ..contribution import Contribution


def contribute(request: LaunchRequest) -> Contribution:
    """Return the image that was asked for, which goes before the environment's.

    It is written out with its host, so that what runs is what was checked.
    """
    image = {"image": str(parse_image(request.image))} if request.image is not None else {}
    return Contribution(origin="image", settings=image, chosen_by="image")
