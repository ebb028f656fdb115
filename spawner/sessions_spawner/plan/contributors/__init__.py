"""One file a concern; each makes a frozen contribution without looking anything up."""
