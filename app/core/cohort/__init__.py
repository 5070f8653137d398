"""Many organisations: statistics, comparison, and what a confidential cohort may tell."""
