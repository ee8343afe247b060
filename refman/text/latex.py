"""LaTeX as bibliographies use it: read into plain Unicode with CSL's inline marks, and written.

`decode(encode(text)) == text` for any text in NFC without control characters and outer blanks.
What `decode` does not know stays as it is written, so that nothing is lost; `encode` escapes it
again, but for formulas that only set signs, which stay formulas. Other commands are never written
as commands: what comes from outside could otherwise steer the document it ends up in.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from refman.text.latex_math import express, is_safe_math
from refman.text.latex_scanner import CLOSE, OPEN, scan
from refman.text.latex_tables import MARKS, candidates
from refman.text.markup import NO_CASE
from refman.text.protection import drop_needless, protected_spans

__all__ = ["clean", "decode", "decode_title", "encode", "encode_signs", "encode_title"]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\ufdd0\ufdd1\ud800-\udfff]")
_BLANK_LINE = re.compile(r"[ \t\r\f\v]*\n[ \t\r\f\v]*\n\s*")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_OUTER = " \t\n\r\f\v"

_MARK = (
    r'<(?:i|b|sup|sub|span (?:class="nocase"|style="font-variant: ?small-caps;"))>|'
    "</(?:i|b|sup|sub|span)>"
)
_SPECIAL = re.compile(rf"{_MARK}|-{{2,}}|``+|''+|[&%$#_{{}}~^\\\n]|[\u00a0{OPEN}{CLOSE}]")
_CHARACTERS = re.compile(f"[&%$#_{{}}~^\\\\\n<\u00a0{OPEN}{CLOSE}]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_TAG = re.compile(_MARK)
_SPECIAL_ASCII = re.compile(_SPECIAL.pattern + "|[^\x00-\x7f]")
_FORMULA = re.compile(r"\$([^$\\]*(?:\\[^$][^$\\]*)*)\$(?!\d)")
_INLINE_MATH = re.compile(r"(?<!\\)\\\(((?:[^$\\]|\\[^()]){1,400}?)\\\)")
_HELD = re.compile(f"{OPEN}([^{OPEN}{CLOSE}]*){CLOSE}")
_ARGUMENT = f"[^][{{}}\\\\$\n{OPEN}{CLOSE}]*"
_HARMLESS = re.compile(
    rf"\\(?:href\{{{_ARGUMENT}\}}|cite[a-z]{{0,10}}(?:\[{_ARGUMENT}\])?)\{{{_ARGUMENT}\}}"
    r"(?=[ .,;:)!?]|\Z)"
)
"""Commands that are written as they are: they set a link or a citation, and steer nothing."""
_ESCAPES = {
    "&": "\\&",
    "%": "\\%",
    "$": "\\$",
    "#": "\\#",
    "_": "\\_",
    "~": "\\textasciitilde{}",
    "^": "\\textasciicircum{}",
    "\\": "\\textbackslash{}",
    "\u00a0": "~",
    OPEN: OPEN,
    CLOSE: CLOSE,
}
_QUIET = {"–": "--", "—": "---", "“": "``", "”": "''"}
_LIGATURE_SIGNS = frozenset("-`'–—“”‘’")


def clean(text: str, *, paragraphs: bool = False) -> str:
    """Text without control characters, in NFC, its white space single and none around it.

    With `paragraphs`, a blank line becomes a line end; without, a blank like any other.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split()) if "  " in text else text.strip()
    text = _CONTROL.sub("", text)
    if paragraphs and "\n" in text:
        parts = (_BLANKS.sub(" ", part).strip(_OUTER) for part in _BLANK_LINE.split(text))
        text = "\n".join(part for part in parts if part)
    else:
        text = _BLANKS.sub(" ", text).strip(_OUTER)
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def decode(text: str, *, paragraphs: bool = False) -> str:
    """LaTeX as plain Unicode (NFC) with CSL's inline marks.

    Braces are dropped. Formulas that cannot be expressed and commands that are not known stay as
    they are written. With `paragraphs`, blank lines part paragraphs and are kept as line ends.
    """
    text = clean(text, paragraphs=paragraphs)
    if not _has_latex(text):
        return text
    text = scan(_plainer(text), mark_braces=False)
    if "\n" in text and not paragraphs:
        text = text.replace("\n", " ")
    return _clean_lines(text)


def decode_title(text: str, *, language: str | None = None) -> str:
    """As `decode`, for titles, where braces protect capitals.

    Those that `encode_title` would not set again by itself in that language are kept as
    `<span class="nocase">`.
    """
    text = clean(text)
    if not _has_latex(text):
        return text
    text = unicodedata.normalize("NFC", scan(_plainer(text), mark_braces=True))
    return clean(drop_needless(text, language) if OPEN in text else text)


def _plainer(text: str) -> str:
    """LaTeX with `$…$` for `\\(…\\)`, and the one character by its number that we write."""
    if "\\char45" in text:
        text = text.replace("{\\char45}", "‐")
    return _INLINE_MATH.sub(r"$\1$", text) if "\\(" in text else text


def _clean_lines(text: str) -> str:
    if "\n" not in text:
        return clean(text)
    lines = (clean(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _has_latex(text: str) -> bool:
    return (
        "\\" in text
        or "{" in text
        or "$" in text
        or "~" in text
        or "}" in text
        or "--" in text
        or "``" in text
        or "''" in text
    )


def encode(text: str, *, unicode: bool = True) -> str:
    """Text with CSL's marks as LaTeX, its braces balanced however they are counted.

    With `unicode=False` the result is ASCII.
    """
    text = _clean_lines(text)
    return _write(text, unicode=unicode)


def encode_signs(text: str) -> str:
    """What is LaTeX already, with its characters outside ASCII as commands."""
    return _NOT_ASCII.sub(lambda match: _latex_of(match.group()), text)


def encode_title(text: str, *, unicode: bool = True, language: str | None = None) -> str:
    """As `encode`, with braces around the capitals that a style must not put in lower case."""
    text = clean(text)
    if text.startswith(NO_CASE) and text.endswith("</span>") and text.count("<span") == 1:
        text = text[len(NO_CASE) : -len("</span>")]
        language = "und"  # all its capitals are meant to stay
    elif NO_CASE in text:
        text = drop_needless(_held(text), language)
    spans = protected_spans(text, language)
    pieces = []
    last = 0
    for start, end in spans:
        pieces += [text[last:start], OPEN, text[start:end], CLOSE]
        last = end
    pieces.append(text[last:])
    return _write("".join(pieces), unicode=unicode, title=True)


def _held(title: str) -> str:
    """A title with `OPEN` and `CLOSE` for its nocase spans, none of them inside another."""
    pieces = []
    depth = last = 0
    for position, mark in sorted(_paired_marks(title).items()):
        if mark not in (OPEN, CLOSE):
            continue
        depth += 1 if mark == OPEN else -1
        pieces.append(title[last:position])
        if (depth, mark) in ((1, OPEN), (0, CLOSE)):
            pieces.append(mark)
        last = title.index(">", position) + 1
    return "".join(pieces) + title[last:]


def _write(text: str, *, unicode: bool, title: bool = False) -> str:
    is_plain = unicode or text.isascii()
    if is_plain and _CHARACTERS.search(text) is None and not _has_ligature(text):
        return text
    special = _SPECIAL if is_plain else _SPECIAL_ASCII
    found = special.search(text)
    if found is None:
        return text
    marks = _paired_marks(text) if "<" in text else {}
    braces = _escaped_braces(text)
    pieces = []
    position = 0
    while found is not None:
        start, end = found.span()
        pieces.append(text[position:start])
        sign = found.group()
        position = end
        if sign[0] == "<":
            pieces.append(marks.get(start, sign))
        elif sign == "\\" and (command := _HARMLESS.match(text, start)) is not None:
            pieces.append(command.group())
            position = command.end()
        elif sign in _ESCAPES and sign != "$":
            pieces.append(_ESCAPES[sign])
        elif sign == "$":
            formula, position = _formula(text, start, title=title)
            pieces.append(formula)
        elif sign in "{}":
            pieces.append(braces[sign])
        elif sign[0] == "\n":
            pieces.append("\n\n")
        elif sign[0] in "-`'":
            pieces.append("{}".join(sign))
        else:
            pieces.append(_sign(text, start))
        found = special.search(text, position)
    pieces.append(text[position:])
    written = "".join(pieces).replace("\n@", "\n{@}")
    if OPEN in written or CLOSE in written:
        written = _HELD.sub(_hold, written).replace(OPEN, "{").replace(CLOSE, "}")
    return written


def _has_ligature(text: str) -> bool:
    return "--" in text or "``" in text or "''" in text


def _hold(match: re.Match[str]) -> str:
    content = match.group(1)
    # A brace before a backslash would begin one of BibTeX's "special characters", whose case
    # styles do change.
    return f"{{{{{content}}}}}" if content.startswith("\\") else f"{{{content}}}"


def _escaped_braces(text: str) -> dict[str, str]:
    depth = 0
    for char in re.findall("[{}]", text):
        depth += 1 if char == "{" else -1
        if depth < 0:
            break
    if depth == 0:
        return {"{": "\\{", "}": "\\}"}
    return {"{": "\\textbraceleft{}", "}": "\\textbraceright{}"}


def _formula(text: str, start: int, *, title: bool) -> tuple[str, int]:
    """A formula as it is, or a dollar sign; and where to go on."""
    found = _FORMULA.match(text, start)
    if found is None or not is_safe_math(found.group(1)) or express(found.group(1)) is not None:
        return "\\$", start + 1
    formula = found.group()
    if OPEN in formula or not formula.isascii():
        return "\\$", start + 1
    if title and formula != formula.lower():
        formula = f"{{{formula}}}"
    return formula, found.end()


def _sign(text: str, position: int) -> str:
    char = text[position]
    quiet = _QUIET.get(char)
    if quiet is not None:
        around = text[position - 1 : position] + text[position + 1 : position + 2]
        if not any(sign in _LIGATURE_SIGNS for sign in around):
            return quiet
    return _latex_of(char)


@lru_cache(maxsize=8192)
def _latex_of(char: str) -> str:
    """The first way to write a character that is also read back as that character."""
    ways = candidates(char)
    for latex in ways:
        if decode(f"x{latex}x") == f"x{char}x":
            return latex
    return ways[-1]


def _paired_marks(text: str) -> dict[int, str]:
    """What becomes of each mark, by its position; a mark without its other half is text."""
    found: dict[int, str] = {}
    stack: list[tuple[str, int, str, str]] = []
    for match in _TAG.finditer(text):
        tag = match.group()
        if tag[1] != "/":
            name = "span" if tag.startswith("<span") else tag[1:-1]
            opening = OPEN if tag == NO_CASE else MARKS.get(tag, "")
            stack.append((name, match.start(), opening, CLOSE if tag == NO_CASE else "}"))
        elif stack and stack[-1][0] == tag[2:-1]:
            _, start, opening, closing = stack.pop()
            if opening:
                found[start] = opening
                found[match.start()] = closing
    return found
