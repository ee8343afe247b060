"""EndNote's styled runs and CSL's inline marks, both ways.

A field of EndNote's is plain text or a row of `<style face="bold italic" …>` elements. Of the
faces, italic, bold, superscript and subscript have a mark in CSL; underline, fonts and sizes have
none, and only their text is taken. Small capitals and `nocase` have no face.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from lxml import etree

from refman.text.markup import clean_inline, plain_text
from refman.text.xml_stream import local_name

_MARKS = {"italic": "i", "bold": "b", "superscript": "sup", "subscript": "sub"}
_FACES = {mark: face for face, mark in _MARKS.items()}
_MARK = re.compile(r"<(/?)(?:(i|b|sup|sub)|span(?: [a-z]{1,9}=\"[^\"<>]{1,60}\")?)>")

Run = tuple[str, tuple[str, ...]]
"""A piece of text and the marks on it, in the order in which they are opened."""


def text_of(element: etree._Element) -> str:
    """All text in an element, white space as it is."""
    if not len(element):
        return element.text or ""
    return "".join(map(str, element.itertext()))


def marked_text(element: etree._Element) -> str:
    """A title on one line, with CSL's marks."""
    if not len(element):
        return _cleaned(element.text or "")
    runs: list[Run] = [(element.text or "", ())]
    for child in element:
        marks: tuple[str, ...] = ()
        if local_name(child) == "style":
            faces = (child.get("face") or "").lower().split()
            marks = tuple(dict.fromkeys(_MARKS[face] for face in faces if face in _MARKS))
        runs.append((text_of(child), marks))
        # Between two styles there is nothing but the file's own line breaks.
        tail = child.tail or ""
        runs.append((tail if tail.strip() else "", ()))
    return _cleaned(_joined([run for run in runs if run[0]]))


def _cleaned(text: str) -> str:
    return clean_inline(text) if "<" in text or "&" in text else plain_text(text)


def _joined(runs: list[Run]) -> str:
    out: list[str] = []
    opened: list[str] = []
    for text, marks in runs:
        keep = next((place for place, mark in enumerate(opened) if mark not in marks), len(opened))
        out += [f"</{mark}>" for mark in reversed(opened[keep:])]
        del opened[keep:]
        for mark in marks:
            if mark not in opened:
                out.append(f"<{mark}>")
                opened.append(mark)
        out.append(text)
    out += [f"</{mark}>" for mark in reversed(opened)]
    return "".join(out)


def styled_xml(text: str) -> tuple[str, bool]:
    """A title as the content of an element: `<style>` runs if it has marks, else plain text.

    Also whether all of its marks could be said.
    """
    runs, whole = _runs(text)
    if all(not marks for _, marks in runs):
        return escape("".join(piece for piece, _ in runs)), whole
    pieces = []
    for piece, marks in runs:
        face = " ".join(_FACES[mark] for mark in marks) or "normal"
        pieces.append(f'<style face="{face}" font="default" size="100%">{escape(piece)}</style>')
    return "".join(pieces), whole


def _runs(text: str) -> tuple[list[Run], bool]:
    runs: list[Run] = []
    opened: list[str] = []
    whole = True
    at = 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            runs.append((text[at : match.start()], _open_marks(opened)))
        at = match.end()
        name = match.group(2) or "span"
        if not match.group(1):
            opened.append(name)
            whole = whole and name != "span"
        elif name in opened:
            while opened.pop() != name:
                pass
    if at < len(text):
        runs.append((text[at:], _open_marks(opened)))
    return runs, whole


def _open_marks(opened: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark for mark in opened if mark != "span"))
