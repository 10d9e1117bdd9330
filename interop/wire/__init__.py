"""The tap: a recording relay between every client and server. Bytes pass through untouched; what is kept is read off a
copy.
"""
