"""Codes, tokens, signatures."""
