"""Greets in Python with words from C."""

import sys

from pygreet._greet import greet

__all__ = ["greet", "main"]


def main() -> None:
    """Greets the name on the command line, or the world."""
    print(greet(sys.argv[1] if len(sys.argv) > 1 else "world"))
