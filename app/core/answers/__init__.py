"""What was given: answers, the answer document, what is told beside the grid."""
