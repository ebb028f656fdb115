"""A hub that is busy with starts, so that whoever comes next has to wait."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from .product import Product


def keep_hub_busy(product: Product) -> None:
    """Have a product whose hub is asked for two starts at a time begin eight that take a second.

    They are others': everybody has his turn, and whoever comes now has it last.
    """
    users = [product.new_user() for _ in range(8)]
    for user in users:
        product.token(user)
    with ThreadPoolExecutor(len(users)) as pool:
        list(pool.map(lambda user: product.create(user=user, environment="silent"), users))
