"""What the elements of an XML entry say: text, text with marks, or themselves as they came."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from refman.text.markup import clean_inline, plain_abstract, plain_text
from refman.text.xml_stream import MAX_RAW, local_name

_NAMESPACE = re.compile(r"\sxmlns(?::[\w.-]{1,64})?=\"[^\"]{0,2000}\"")
_BETWEEN_TAGS = re.compile(r">\s+<")


def children(element: etree._Element | None, *names: str) -> list[etree._Element]:
    """The child elements with one of the local names, or all of them; none of no element."""
    if element is None:
        return []
    if not names:
        return list(element)
    return [child for child in element if local_name(child) in names]


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first child of the first name, of that the first of the second, and so on."""
    for name in path:
        if element is None:
            return None
        element = next((one for one in element if local_name(one) == name), None)
    return element


def descendants(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """The elements below with one of the local names, in the order of the file."""
    for one in element.iter(*(f"{{*}}{name}" for name in names)):
        if one is not element:
            yield one


def text(element: etree._Element | None) -> str:
    """All the text in an element, on one line; empty where there is no element."""
    if element is None:
        return ""
    if not len(element):
        return plain_text(element.text or "")
    return plain_text("".join(str(piece) for piece in element.itertext()))


def child_text(element: etree._Element | None, *path: str) -> str:
    """The text of the first element at the end of a path."""
    return text(child(element, *path))


def attribute(element: etree._Element | None, name: str) -> str:
    """An attribute by its local name, on one line; empty where there is none."""
    if element is None:
        return ""
    for key, value in element.items():
        if str(key).rpartition("}")[2] == name:
            return plain_text(str(value))
    return ""


def inner_xml(element: etree._Element) -> str:
    """What is inside an element as XML, namespaces left out."""
    xml = _NAMESPACE.sub("", etree.tostring(element, encoding="unicode", with_tail=False))
    return xml.partition(">")[2].rpartition("<")[0]


def marked(element: etree._Element | None) -> str:
    """A title, with CSL's inline marks at the most."""
    if element is None:
        return ""
    if not len(element):
        raw = element.text or ""
        return clean_inline(raw) if "<" in raw or "&" in raw else plain_text(raw)
    return clean_inline(inner_xml(element))


def abstract(element: etree._Element | None) -> str:
    """An abstract as plain paragraphs."""
    if element is None:
        return ""
    if not len(element):
        return plain_abstract(element.text or "")
    return plain_abstract(inner_xml(element))


def as_xml(element: etree._Element) -> str:
    """The element as XML on one line, without namespaces, up to 100,000 characters."""
    xml = _NAMESPACE.sub("", etree.tostring(element, encoding="unicode", with_tail=False))
    return plain_text(_BETWEEN_TAGS.sub("><", xml))[:MAX_RAW]
