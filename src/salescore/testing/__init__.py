"""Strategies and law checkers for the property tests of whoever embeds the library."""
