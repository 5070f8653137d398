"""What a facilitator does with cohorts: desk, wall, results, files."""
