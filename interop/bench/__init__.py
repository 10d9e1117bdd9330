"""What the matrix costs: ``python -m interop.bench``, or ``make bench``.

Commands are run one after another in one sitting and measured from outside (``measured``): the matrix, the same calls
with one client process a cell (``alone``), the same calls as plain loops without a harness (``floor``), and the matrix
over more and more implementations (``growth``). ``table`` says it; medians over rounds, CPU seconds beside the clock.
"""
