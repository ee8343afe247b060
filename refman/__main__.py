"""The `refman` command."""

from __future__ import annotations

import contextlib
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

    return _left(run(sys.argv[1:]))


def _left(status: int) -> int:
    """End the process at once, where it is one of this command's own; else return the status.

    To take the interpreter apart takes a tenth of a listing's time, and there is nothing in it that
    has to be closed: files and libraries are, where they are used.
    """
    # Loaded by everything that a command loads.
    import atexit  # noqa: PLC0415
    import os  # noqa: PLC0415
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
