"""Several people of one organisation: spread, agreement, roles."""
