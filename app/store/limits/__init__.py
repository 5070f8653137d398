"""How often something was tried."""
