"""``python -m interop`` is the command ``interop``."""

from interop.cli import main

raise SystemExit(main())
