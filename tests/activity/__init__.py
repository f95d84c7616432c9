"""The laws of the library, as tests."""
