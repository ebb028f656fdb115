"""What builds, starts and tests the checkout; not part of the distribution."""
