"""What a double click starts: the command line, which opens the start page where it is given nothing to do."""

import sys
from multiprocessing import freeze_support

from graphsc.cli import main

if __name__ == "__main__":
    freeze_support()
    sys.argv += ["serve"] if len(sys.argv) == 1 else []
    main()
