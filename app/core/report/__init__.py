"""What page and paper say, as frozen data."""
