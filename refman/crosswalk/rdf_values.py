"""The values of properties in RDF: texts, and people as several ontologies describe them."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator

from refman.crosswalk.rdf_properties import TITLE
from refman.crosswalk.ris_values import one_line
from refman.model import Name
from refman.text.names import parse_name
from refman.text.rdf_xml import Node

_MOST = 200
"""How many values of a work, and of what it is in, are looked at for what is not read."""
_MEMBER = re.compile(r"rdf:(?:li|_\d+)")
_OTHERS = frozenset(
    (
        "dc:relation", "dcterms:relation", "dcterms:hasPart", "schema:hasPart", "bibo:cites",
        "dcterms:references", "dcterms:isReferencedBy", "schema:citation", "link:link",
        "dcterms:hasVersion", "dcterms:isVersionOf",
    )
)  # fmt: skip
"""Properties that name other works, or notes and files, which are read by themselves."""


def text_of(value: Node | str) -> str:
    """A text, or what a node is called or where it is."""
    if isinstance(value, str):
        return value.strip()
    return texts(value, "rdf:value", *TITLE) or value.about


def texts(node: Node | str, *names: str) -> str:
    """The first text under the first of the properties that has one."""
    if isinstance(node, str):
        return ""
    for name in names:
        for value in node.properties.get(name, ()):
            said = (
                value.strip()
                if isinstance(value, str)
                else value.about or texts(value, "rdf:value")
            )
            if said:
                return said
    return ""


def leaves(node: Node) -> Iterator[tuple[str, str]]:
    """The texts in a node and in those it has, each with its path (`dc:publisher/foaf:name`).

    Other works that it names are left out, and so is what goes beyond `_MOST` values.
    """
    waiting = deque([("", node)])
    seen: set[int] = set()
    looked_at = 0
    while waiting:
        path, one = waiting.popleft()
        seen.add(id(one))
        for name, values in one.properties.items():
            here = path if name == "rdf:value" or _MEMBER.fullmatch(name) else f"{path}/{name}"
            for value in values if name not in _OTHERS else ():
                looked_at += 1
                if looked_at > _MOST:
                    return
                if isinstance(value, str):
                    yield here.removeprefix("/"), value
                elif id(value) not in seen:
                    waiting.append((here, value))


def person_of(value: Node | str) -> Name | None:
    """A person or organisation; None where nobody is named."""
    if isinstance(value, str):
        said = one_line(value)
        return parse_name(said) if said.strip(" ,;.") else None
    family = one_line(
        texts(value, "foaf:surname", "foaf:familyName", "foaf:lastName", "foaf:family_name",
               "schema:familyName", "vcard:family-name")
    )  # fmt: skip
    given = one_line(
        texts(value, "foaf:givenname", "foaf:givenName", "foaf:firstName", "schema:givenName",
               "vcard:given-name")
    )  # fmt: skip
    if family and given:
        return Name(family, given)
    if family or given:
        return Name(literal=family or given)
    said = one_line(texts(value, "foaf:name", "schema:name", "rdf:value", "rdfs:label"))
    if not said.strip(" ,;."):
        return None
    if {"foaf:Organization", "schema:Organization", "foaf:Group"} & set(value.types):
        return Name(literal=said)
    return parse_name(said)
