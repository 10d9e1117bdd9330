"""The process contract (interop/README.md), as far as both stacks keep it alike: lines, values, views, marks.

Nothing in this package opens a channel or a server, and nothing in it waits.
"""
