"""The `refman` command."""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line; returns the exit status.

    `--version` answers before anything is loaded: scripts and completions ask it often.
    """
    if sys.argv[1:] in (["--version"], ["-V"]):
        from refman import __version__  # noqa: PLC0415

        print(f"refman {__version__}")
        return 0
    from refman.cli.main import run  # noqa: PLC0415

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
