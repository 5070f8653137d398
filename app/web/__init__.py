"""The web: receive, decide, keep, show."""
