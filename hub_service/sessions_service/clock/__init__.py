"""The idle clock: what uses a session, and when it ends for want of use."""
