"""The reports, tested on one small run made by hand; see ``sample``."""
