"""What the first version must let a stranger do, by mouse and by keyboard alone."""
