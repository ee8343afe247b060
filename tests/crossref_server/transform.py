"""Content negotiation: a record as CSL-JSON, BibTeX, RIS or a line of text.

The outputs keep the peculiarities of Crossref's own (observed 2026): CSL-JSON is only nearly
CSL, BibTeX is one line with a leading blank and without organisation authors, RIS uses ``SP`` for
the whole page range and the illegal type ``GENERIC``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from tests.crossref_server.filters import date_parts
from tests.crossref_server.messages import Json, Response

CSL_JSON = "application/vnd.citationstyles.csl+json"
BIBTEX = "application/x-bibtex"
RIS = "application/x-research-info-systems"
TEXT = "text/x-bibliography"

_BIBTEX_TYPES = {
    "journal-article": "article", "proceedings-article": "inproceedings", "book": "book",
    "monograph": "book", "edited-book": "book", "reference-book": "book",
    "book-chapter": "inbook", "dissertation": "phdthesis", "report": "techreport",
    "posted-content": "article", "proceedings": "proceedings",
}  # fmt: skip
_RIS_TYPES = {
    "journal-article": "JOUR", "proceedings-article": "CONF", "book": "BOOK", "monograph": "BOOK",
    "book-chapter": "CHAP", "dissertation": "THES", "report": "RPRT", "dataset": "DATA",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def transform(work: Json, accept: str) -> Response:
    """`work` in the first type of the Accept header `accept` that is served, else 406.

    Weights (``;q=``) are ignored: the types are tried in the order given.
    """
    for part in accept.split(","):
        mime = part.partition(";")[0].strip().lower()
        writer = _WRITERS.get(mime)
        if writer is not None:
            return writer(work)
    return Response(406, b"Not acceptable.", "text/plain")


def to_csl(work: Json) -> Json:
    """CSL-JSON as Crossref writes it: titles are strings, the type is not mapped to CSL's."""
    found = dict(work)
    found.pop("short-container-title", None)
    for name in ("title", "container-title"):
        # An empty list stays a list: clients that expect a string must cope with it.
        titles = work.get(name) or []
        found[name] = titles[0] if titles else []
    short = work.get("short-container-title") or []
    if short:
        found["container-title-short"] = short[0]
    found["score"] = 1
    return found


def _write_csl(work: Json) -> Response:
    return Response(200, payload=to_csl(work), content_type=CSL_JSON)


def _people(work: Json) -> list[tuple[str, str]]:
    """(family, given) of the authors; those with only ``name`` are left out, as there."""
    return [
        (str(author["family"]), str(author.get("given", "")))
        for author in work.get("author") or []
        if author.get("family")
    ]


def _title(work: Json, name: str) -> str:
    return str((work.get(name) or [""])[0])


def _bibtex_key(work: Json) -> str:
    people = _people(work)
    name = unicodedata.normalize("NFKD", people[0][0] if people else "")
    # Crossref drops what ASCII cannot hold: Põlme becomes P_lme.
    family = re.sub(r"[^A-Za-z0-9]", "_", re.sub(r"\w[\u0300-\u036f]", "_", name))
    year = "".join(str(part) for part in date_parts(work, "issued")[:1])
    return f"{family}_{year}"


def to_bibtex(work: Json) -> str:
    """BibTeX in one line with a leading blank, an en dash in pages and a bare month."""
    parts = date_parts(work, "issued")
    values = {
        "title": _title(work, "title"),
        "volume": work.get("volume"),
        "ISSN": (work.get("ISSN") or [None])[0],
        "url": f"http://dx.doi.org/{work['DOI']}",
        "DOI": work["DOI"],
        "number": work.get("issue"),
        "journal": _title(work, "container-title"),
        "publisher": work.get("publisher"),
        "author": " and ".join(f"{family}, {given}" for family, given in _people(work)),
        "year": parts[0] if parts else None,
    }
    fields = [f"{name}={{{value}}}" for name, value in values.items() if value]
    if len(parts) > 1:
        fields.append(f"month={_MONTHS[parts[1] - 1]}")
    if work.get("page"):
        fields.append(f"pages={{{str(work['page']).replace('-', '–')}}}")
    kind = _BIBTEX_TYPES.get(str(work.get("type")), "misc")
    return f" @{kind}{{{_bibtex_key(work)}, {', '.join(fields)} }}\n"


def to_ris(work: Json) -> str:
    """RIS with the whole page range in ``SP``."""
    lines = [("TY", _RIS_TYPES.get(str(work.get("type")), "GENERIC")), ("DO", work["DOI"])]
    lines.append(("UR", f"http://dx.doi.org/{work['DOI']}"))
    lines.append(("TI", _title(work, "title")))
    lines.append(("T2", _title(work, "container-title")))
    lines += [("AU", f"{family}, {given}") for family, given in _people(work)]
    parts = date_parts(work, "issued")
    lines.append(("PY", str(parts[0]) if parts else ""))
    pairs = (("VL", "volume"), ("IS", "issue"), ("SP", "page"), ("PB", "publisher"))
    lines += [(tag, str(work.get(name) or "")) for tag, name in pairs]
    lines += [("SN", issn) for issn in work.get("ISSN") or []]
    text = "".join(f"{tag}  - {value}\r\n" for tag, value in lines if value)
    return text + "ER  - \r\n"


def _to_text(work: Json) -> str:
    names = ", ".join(f"{family}, {given[:1]}." for family, given in _people(work))
    year = "".join(str(part) for part in date_parts(work, "issued")[:1])
    title = _title(work, "title")
    return f"{names} ({year}). {title}. https://doi.org/{work['DOI']}\n"


def _plain(mime: str, write: Callable[[Json], str]) -> Callable[[Json], Response]:
    return lambda work: Response(200, write(work).encode(), mime)


_WRITERS: dict[str, Callable[[Json], Response]] = {
    "*/*": _write_csl,
    CSL_JSON: _write_csl,
    "application/citeproc+json": _write_csl,
    "application/json": _write_csl,
    BIBTEX: _plain(BIBTEX, to_bibtex),
    RIS: _plain(RIS, to_ris),
    TEXT: _plain(TEXT, _to_text),
}
