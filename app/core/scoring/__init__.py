"""From answers to a scorecard, in exact fractions, and how figures are rounded."""
