"""The life of a session: one table of moves, one table of causes, one function that moves."""
