"""The citations in LaTeX: of LaTeX itself, natbib, biblatex, apacite, multibib and their like.

The text is read sign by sign as TeX would split it, so that comments, `\\verb`, environments that
show their content, `\\iffalse … \\fi` and what stands behind `\\end{document}` cite nothing. No
macro is expanded: a citation inside the definition of one counts once, if it names a key.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from refman.text.citations import Citation, Cited, CitesAll, Included

MAX_ARGUMENT = 8000
"""Characters of an argument that are read."""

_DEEPEST = 30
_SIGN = re.compile(r"[%\\]")
_WORD = re.compile(r"[A-Za-z@]{1,60}")
_BRACKET = re.compile(r"[(){}\[\]<>]|\\.", re.DOTALL)
_COMMENT = re.compile(r"(?<!\\)((?:\\\\){0,40})%[^\n]*(?:\n[ \t]*)?")
_BETWEEN = re.compile(r"(?:[ \t]|\n(?![ \t]*\n)|%[^\n]*(?:\n|$))*")
_IF = re.compile(r"\\(?:if[A-Za-z@]*|fi|else)(?![A-Za-z@])|%[^\n]*")
_SHOWN = frozenset(
    "verbatim Verbatim BVerbatim LVerbatim SaveVerbatim verbatimtab alltt lstlisting minted "
    "listing comment filecontents tcblisting pycode sagesilent luacode".split()
)
"""Environments, without a star, whose content is no text."""
_NOT_CITING = re.compile(
    r"(?:set|declare|renew|atevery|atnext|if|mkbib|def|new(?=cites)|bib(?=cite$))|"
    r"cite(?:style|text$|reset|setup|color|form|left|right|mid|punct|dash|sort|numfont|start|end|"
    r"tracker|index|counter|delim|and$|etal$)|multicite(?:delim)?|\w*citedelim|cited$|citing$",
    re.IGNORECASE,
)
_VOLUME = re.compile(r"(?:[pfsta]|ft)?volcites?$", re.IGNORECASE)
_ALSO = frozenset(("bibentry", "fullbibentry"))
_INCLUDES = frozenset(("input", "include", "subfile", "subfileinclude", "InputIfFileExists"))
_INCLUDES_FROM = frozenset(
    ("import", "subimport", "inputfrom", "includefrom", "subinputfrom", "subincludefrom")
)
_FILE = re.compile(r"[^\s{}\\%#]{1,400}")
_AUX = re.compile(
    r"\\(?:citation|abx@aux@cite)(?:\{\d{1,6}\})?\{([^{}]{1,8000})\}|\\@input\{([^{}]{1,400})\}"
)
_BCF = re.compile(r"<bcf:citekey([^<>]{0,400})>([^<>]{1,400})</bcf:citekey>")


def tex_citations(text: str) -> Iterator[Citation]:
    """What LaTeX cites and includes, in order."""
    position = 0
    while (sign := _SIGN.search(text, position)) is not None:
        position = sign.end()
        if sign.group() == "%":
            position = _line_end(text, position)
            continue
        word = _WORD.match(text, position)
        if word is None:
            position += 1
            continue
        name, position = word.group(), word.end()
        if name == "end" and text.startswith("{document}", position):
            return
        if name == "endinput":
            # TeX reads on to the end of the line.
            text = text[: _line_end(text, position)]
        if _is_citing(name):
            found, position = _cite(text, position, name)
            yield from found
        elif name in _INCLUDES or name in _INCLUDES_FROM:
            included, position = _include(text, position, name)
            if included is not None:
                yield included
        else:
            position = _skip(text, position, name)


def aux_citations(text: str) -> Iterator[Citation]:
    """What an .aux file says was cited, in order."""
    for keys, other in _AUX.findall(text):
        if other:
            yield Included(other)
        yield from _keys(keys)


def bcf_citations(text: str) -> Iterator[Citation]:
    """What biblatex wrote for biber as cited, in order. The members of a set are no citations."""
    for _, key in _BCF.findall(text):
        yield from _keys(html.unescape(key))


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def _is_citing(name: str) -> bool:
    if "cite" not in name and "Cite" not in name:
        return name in _ALSO
    return _NOT_CITING.match(name) is None


def _skip(text: str, position: int, name: str) -> int:
    """Where to read on behind a command that may hide what follows."""
    if name in ("verb", "lstinline", "mintinline", "Verb", "spverb", "path"):
        return _after_verb(text, position, name)
    if name == "iffalse":
        return _after_iffalse(text, position)
    if name == "begin" and text[position : position + 1] == "{":
        end = text.find("}", position, position + 60)
        environment = text[position + 1 : end] if end > 0 else ""
        if environment.rstrip("*") in _SHOWN:
            close = text.find(f"\\end{{{environment}}}", end)
            return len(text) if close < 0 else close + len(environment) + 6
    return position


def _after_verb(text: str, position: int, name: str) -> int:
    if text[position : position + 1] == "*":
        position += 1
    if name != "verb" and text[position : position + 1] == "[":
        position = _balanced(text, position, "[", "]")[1]
    if name == "mintinline" and text[position : position + 1] == "{":
        position = _balanced(text, position, "{", "}")[1]
    mark = text[position : position + 1]
    if not mark or mark.isalnum() or mark.isspace():
        return position
    if mark == "{" and name != "verb":
        return _balanced(text, position, "{", "}")[1]
    line_end = text.find("\n", position)
    end = text.find(mark, position + 1, len(text) if line_end < 0 else line_end)
    return position if end < 0 else end + 1


def _after_iffalse(text: str, position: int) -> int:
    depth = 1
    for found in _IF.finditer(text, position):
        word = found.group()
        if word.startswith("\\if"):
            depth += 1
        elif word == "\\fi":
            depth -= 1
        if depth == 0 or (depth == 1 and word == "\\else"):
            return found.end()
    return len(text)


def _between(text: str, position: int) -> int:
    match = _BETWEEN.match(text, position)
    return position if match is None else match.end()


def _balanced(text: str, position: int, opening: str, closing: str) -> tuple[str | None, int]:
    """What stands between brackets, and the place behind them; None where they do not close."""
    depth = braces = 0
    limit = min(len(text), position + MAX_ARGUMENT)
    at = position
    while (match := _BRACKET.search(text, at, limit)) is not None and depth + braces < _DEEPEST:
        sign, at = match.group(), match.end()
        if sign == opening and (opening == "{" or not braces):
            depth += 1
        elif sign == closing and (closing == "}" or not braces):
            depth -= 1
            if depth == 0:
                return text[position + 1 : at - 1], at
        elif sign == "{":
            braces += 1
        elif sign == "}":
            braces = max(braces - 1, 0)
    return None, position + 1


def _cite(text: str, position: int, name: str) -> tuple[list[Citation], int]:
    """The keys behind a citing command, and where to read on."""
    found: list[Citation] = []
    if text[position : position + 1] in ("*", "+"):
        position += 1
    several = name.endswith("s") and not name.endswith("alias")
    if several:
        position = _optional(text, position, "(", ")")
    while True:
        start = _optional(text, _optional(text, position, "<", ">"), "[", "]")
        if _VOLUME.match(name) is not None:
            volume, start = _balanced(text, start, "{", "}")
            if volume is None:
                return found, position
            start = _optional(text, start, "[", "]")
        if text[start : start + 1] != "{":
            return found, position
        keys, end = _balanced(text, start, "{", "}")
        if keys is None:
            return found, start + 1
        found += _keys(keys)
        position = end
        if not several:
            return found, position


def _optional(text: str, position: int, opening: str, closing: str) -> int:
    """The place behind up to two optional arguments, and the blanks behind them."""
    position = _between(text, position)
    for _ in range(2):
        if text[position : position + 1] == opening:
            inner, end = _balanced(text, position, opening, closing)
            if inner is None:
                break
            position = _between(text, end)
    return position


def _keys(group: str) -> list[Citation]:
    keys = [" ".join(key.split()) for key in _COMMENT.sub(r"\1", group).split(",")]
    return [
        CitesAll() if key == "*" else Cited(key)
        for key in keys
        if key and not any(sign in key for sign in "\\#{}")
    ]


def _include(text: str, position: int, name: str) -> tuple[Included | None, int]:
    folder = ""
    start = _between(text, position)
    if name in _INCLUDES_FROM:
        said, start = _balanced(text, start, "{", "}")
        if said is None:
            return None, position
        folder, start = said.strip(), _between(text, start)
    if text[start : start + 1] == "{":
        file, end = _balanced(text, start, "{", "}")
    else:
        match = _FILE.match(text, start)
        file, end = (None, position) if match is None else (match.group(), match.end())
    if file is None or not file.strip() or any(sign in file + folder for sign in "\\#"):
        return None, max(end, position)
    return Included(file.strip().strip('"'), folder), end
