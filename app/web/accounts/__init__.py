"""Signing in, the account, a new password."""
