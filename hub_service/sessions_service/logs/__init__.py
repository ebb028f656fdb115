"""What sessions print: read over the link while they run, from what is kept afterwards."""
