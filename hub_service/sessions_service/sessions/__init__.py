"""Sessions: the record, what can be done with it, its JSON and its addresses."""
