"""Who has tried too often, and waits."""
