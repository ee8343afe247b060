"""The `refman` command."""

from __future__ import annotations

import contextlib
import os
import sys

_LISTS = {"list", "ls", "search"}
"""What a listing is called, as the first argument or, after a library, the third."""


def main() -> int:
    """Run the command line; returns the exit status.

    `--version` answers before anything is loaded, and a plain listing without what reads commands:
    scripts and completions ask them often.
    """
    _have_output()
    if sys.argv[1:] in (["--version"], ["-V"]):
        from refman import __version__  # noqa: PLC0415

        print(f"refman {__version__}")
        return 0
    if not _LISTS.isdisjoint(sys.argv[1:4:2]):
        from refman.cli.quick import plain_listing  # noqa: PLC0415

        status = plain_listing(sys.argv[1:])
        if status is not None:
            return _left(status)
    from refman.cli.main import run  # noqa: PLC0415

    return _left(run(sys.argv[1:]))


def _have_output() -> None:
    """Let what is printed go nowhere, where whoever started the process closed its output."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _left(status: int) -> int:
    """End the process at once, where it is one of this command's own; else return the status.

    To take the interpreter apart takes a tenth of a listing's time, and there is nothing in it that
    has to be closed: files and libraries are, where they are used.
    """
    # Loaded by everything that a command loads.
    import atexit  # noqa: PLC0415
    import threading  # noqa: PLC0415

    program = getattr(sys.modules["__main__"], "__file__", None) or ""
    is_own = __name__ == "__main__" or os.path.basename(program) == "refman"  # noqa: PTH119
    if is_own and threading.active_count() == 1 and not sys.getprofile() and not sys.gettrace():
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
            atexit._run_exitfuncs()  # noqa: SLF001
            os._exit(status)
    return status


if __name__ == "__main__":
    sys.exit(main())
