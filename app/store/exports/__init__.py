"""What is made in the background to be taken away."""
