"""`refman serve`."""

from __future__ import annotations

import socket

import click

from refman.cli.diagnostics import Exit, say
from refman.cli.session import Session, pass_session
from refman.errors import ConfigError, UsageError

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--token/--no-token", default=None, help="Whether browsers must bring a token.")
@click.option("--public-url", metavar="URL", help="The address in browsers, behind a proxy.")
@pass_session
def serve_command(
    session: Session, host: str, port: int, *, token: bool | None, public_url: str | None
) -> int:
    """Show the library in a browser, as it is in a terminal.

    Only this machine is served, unless --host says otherwise; then the address has a token, without
    which nobody gets in. What is sent is not encrypted: over a network, put a proxy with TLS before
    it, or use ssh.
    """
    try:
        from refman.tui.serving import LibraryServer, new_token  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise ConfigError(
            f"The package {error.name} is missing.",
            hint="pip install 'refman-tui[serve]' brings it.",
        ) from error
    is_open = host not in _LOOPBACK
    if is_open and token is False:
        raise UsageError("Away from this machine a token is needed.", hint="Leave out --no-token.")
    with session.open():
        pass
    _free(host, port)
    server = LibraryServer(
        session.path,
        host=host,
        port=port,
        token=new_token() if token or is_open else None,
        public_url=public_url.rstrip("/") if public_url else None,
    )
    say(f"{session.path} is at {server.address}\nCtrl-C ends it.")
    server.serve()
    return Exit.DONE


def _free(host: str, port: int) -> None:
    """Whether one can listen there; a clear word if not."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise UsageError(
            f"Nothing can listen at {host}, port {port}: {error.strerror}.",
            hint="Name another with --port.",
        ) from error
