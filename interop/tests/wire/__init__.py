"""The tap, from bytes to a record."""
