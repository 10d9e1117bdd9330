"""The three lanes of a call that was recorded on the wire: client, wire, handler, and where they part. Pure: in, a
record; out, rows and text.
"""
