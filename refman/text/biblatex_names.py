"""Names as biblatex writes them: as BibTeX does, or in parts with labels (manual, 3.6)."""

from __future__ import annotations

from collections.abc import Iterable

from refman.model.name import Name
from refman.text.latex import encode
from refman.text.names import OTHERS, format_bibtex_name, parse_bibtex_names


def format_biblatex_names(names: Iterable[Name], *, unicode: bool = True) -> str:
    """As `format_bibtex_names`, but with biblatex's `family={…}, given={…}` where it is needed.

    That is where the plain form would be read back as another name, and for particles that do not
    belong to the family name (`useprefix=false`).
    """
    listed = list(names)
    tail = []
    if listed and listed[-1].literal == OTHERS.literal:
        listed.pop()
        tail = ["others"]
    written = (_format_biblatex_name(name, unicode=unicode) for name in listed)
    return " and ".join([text for text in written if text] + tail)


def _format_biblatex_name(name: Name, *, unicode: bool) -> str:
    text = format_bibtex_name(name, unicode=unicode)
    if name.literal is not None or not name.family:
        return text
    wanted = Name(
        name.family,
        name.given,
        name.suffix,
        dropping_particle=name.dropping_particle,
        non_dropping_particle=name.non_dropping_particle,
    )
    if parse_bibtex_names(text) == (wanted,):
        return text
    # `family=` alone says that a single name is a family's, which BibTeX leaves open.
    parts = [
        ("family", name.family),
        ("given", name.given),
        ("suffix", name.suffix),
        ("prefix", name.non_dropping_particle or name.dropping_particle),
    ]
    said = [f"{label}={{{encode(part, unicode=unicode)}}}" for label, part in parts if part]
    if name.dropping_particle and not name.non_dropping_particle:
        said.append("useprefix=false")
    extended = ", ".join(said)
    return extended if parse_bibtex_names(extended) == (wanted,) else text
