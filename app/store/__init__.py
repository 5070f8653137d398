"""What is kept: assessments, their answers, and the database that holds them."""
