"""Which works a manuscript cites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from refman.errors import InputError

_MAX_BYTES = 64 * 1024 * 1024

_AUX = re.compile(r"\\(?:citation|abx@aux@cite)(?:\{\d+\})?\{([^{}]{1,4000})\}")
_BCF = re.compile(r"<bcf:citekey[^<>]{0,400}>([^<>]{1,400})</bcf:citekey>")
_TEX = re.compile(r"\\((?!setcite|citestyle|citetext)[A-Za-z]{0,20}[cC]ite[A-Za-z]{0,20})\*?")
_TEX_KEYS = re.compile(
    r"\s{0,8}(?:\([^()]{0,400}\)\s{0,8}){0,2}(?:\[[^\[\]]{0,400}\]\s{0,8}){0,2}\{([^{}]{1,4000})\}"
)
"""What follows the command; of `\\autocites[1]{a}[2]{b}` more than once."""
_TEX_UNREAD = re.compile(r"(?<!\\)%[^\n]*|\\verb\*?([^\w\s*])[^\n]{0,400}?\1")
_MARKDOWN = re.compile(
    r"(?<![\w.\\])@(?:\{([^{}\s]{1,250})\}|([A-Za-z0-9_][\w:.#$%&+?<>~/-]{0,250}))"
)
_MARKDOWN_CODE = re.compile(r"(`{1,3})(?!`)[^`\n]{1,400}\1(?!`)")
_QUARTO_REFERENCE = re.compile(
    r"(?:fig|tbl|lst|sec|eq|tip|nte|wrn|imp|cau|thm|lem|cor|prp|cnj|def|exm|exr|rem|sol|apx)-"
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
        found = _AUX.findall(text) if suffix == ".aux" else list(_tex_groups(text))
        return [key.strip() for group in found for key in group.split(",")]
    if suffix != ".typ":
        text = _without_code(text)
    matches = list(_MARKDOWN.finditer(text))
    if suffix == ".typ":
        matches += _TYPST.finditer(text)
        matches.sort(key=lambda match: match.start())
    keys = [(match[1] or match[2]).rstrip(".:?;,") for match in matches]
    if suffix == ".qmd":
        # What Quarto itself numbers: `@fig-map`, `@tbl-rates`.
        keys = [key for key in keys if not _QUARTO_REFERENCE.match(key)]
    return keys


def _tex_groups(text: str) -> Iterator[str]:
    """What stands in the braces of citing commands, in order."""
    text = _TEX_UNREAD.sub("", text)
    for command in _TEX.finditer(text):
        group = _TEX_KEYS.match(text, command.end())
        while group is not None:
            yield group[1]
            several = command[1].endswith("s")
            group = _TEX_KEYS.match(text, group.end()) if several else None


def _without_code(text: str) -> str:
    """Markdown without its fenced blocks and spans of code."""
    kept: list[str] = []
    fence = ""
    for line in text.split("\n"):
        mark = line.lstrip()[:3]
        if fence:
            fence = "" if mark == fence else fence
        elif mark in ("```", "~~~"):
            fence = mark
        else:
            kept.append(_MARKDOWN_CODE.sub("", line))
    return "\n".join(kept)
