"""What stands around every page: who asks, the guard, rendering, forms."""
