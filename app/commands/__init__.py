"""`cxm`: what an operator types, and how the terminal answers."""
