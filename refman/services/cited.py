"""Which works a manuscript cites."""

from __future__ import annotations

import re
from pathlib import Path

from refman.errors import InputError

_MAX_BYTES = 64 * 1024 * 1024

_AUX = re.compile(r"\\(?:citation|abx@aux@cite)(?:\{\d+\})?\{([^{}]{1,4000})\}")
_BCF = re.compile(r"<bcf:citekey[^<>]{0,400}>([^<>]{1,400})</bcf:citekey>")
_TEX = re.compile(
    r"\\(?:[A-Za-z]{0,20}cite[A-Za-z]{0,20}|nocite)\*?(?:\[[^\[\]]{0,400}\]){0,2}"
    r"\{([^{}]{1,4000})\}"
)
_TEX_COMMENT = re.compile(r"(?<!\\)%[^\n]*")
_MARKDOWN = re.compile(
    r"(?<![\w.])@(?:\{([^{}\s]{1,250})\}|([A-Za-z0-9_][\w:.#$%&+?<>~/-]{0,250}))"
)
_TYPST = re.compile(r"#cite\(\s*(?:<([^<>\s]{1,250})>|label\(\"([^\"]{1,250})\"\))")


def cited_keys(path: Path) -> list[str]:
    """The citation keys in a .aux, .bcf, .tex, .md, .qmd, .Rmd or .typ file, each once, in order.

    Raises `InputError` for a file that cannot be read or is of another kind.
    """
    suffix = path.suffix.lower()
    if suffix not in (".aux", ".bcf", ".tex", ".md", ".markdown", ".qmd", ".rmd", ".typ"):
        raise InputError(
            f"{path} is of no kind whose citations refman reads.",
            hint="It reads .aux, .bcf, .tex, .md, .qmd and .typ files.",
        )
    try:
        with path.open("rb") as stream:
            text = stream.read(_MAX_BYTES).decode("utf-8", "replace")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error
    return list(dict.fromkeys(key for key in _keys(text, suffix) if key and key != "*"))


def _keys(text: str, suffix: str) -> list[str]:
    if suffix == ".bcf":
        return [key.strip() for key in _BCF.findall(text)]
    if suffix in (".aux", ".tex"):
        if suffix == ".tex":
            text = _TEX_COMMENT.sub("", text)
        found = (_AUX if suffix == ".aux" else _TEX).findall(text)
        return [key.strip() for group in found for key in group.split(",")]
    matches = list(_MARKDOWN.finditer(text))
    if suffix == ".typ":
        matches += _TYPST.finditer(text)
        matches.sort(key=lambda match: match.start())
    return [(match[1] or match[2]).rstrip(".:?;,") for match in matches]
