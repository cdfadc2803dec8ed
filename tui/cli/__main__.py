"""`python -m tui.cli`: the same as the command `catalog`."""

import sys

from tui.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
