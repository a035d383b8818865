"""Runs the command line as ``python -m graphsc``."""

from graphsc.cli import main

if __name__ == "__main__":
    main()
