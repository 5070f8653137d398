"""What is asked: frameworks, questions, forms, words; their flow and their map."""
