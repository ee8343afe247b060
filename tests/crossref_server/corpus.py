"""A small made-up corpus that holds each trap of Crossref's metadata once.

The texts are our own; the shapes are those of records seen from the service between 2018 and
2026. DOIs are under 10.5555, Crossref's prefix for tests, unless the trap is in the prefix.
"""

from __future__ import annotations

from typing import Any

from tests.crossref_server.messages import Json
from tests.crossref_server.vocabulary import TYPES

PLAIN = "10.5555/plain"
TEST_RECORD = "10.5555/12345678"
SICI = "10.1002/(sici)1097-0000(199901)12:3<45::aid-abc6>3.0.co;2-#"
COMMA = "10.1001/jama.251.19.2504,2509"
HASH = "10.5555/part#2"
PERCENT = "10.5555/50%25-solution"
QUESTION = "10.5555/why?not"
UNICODE = "10.5555/überprüfung-œuvre"
VERY_LONG = "10.5555/" + "very-long-suffix." * 30 + "end"
NO_DATE = "10.5555/no-date"
EMPTY_DATE = "10.5555/empty-date"
EMPTY_PARTS = "10.5555/empty-date-parts"
YEAR_ONLY = "10.5555/year-only"
NO_TITLE = "10.5555/no-title"
EMPTY_TITLE = "10.5555/empty-title"
MARKUP = "10.5555/markup-title"
MATHML = "10.5555/mathml-title"
ENTITIES = "10.5555/entities"
INDENTED = "10.5555/indented-title"
TWO_CONTAINERS = "10.5555/two-containers"
SUBTITLE = "10.5555/subtitle-repeats"
ORGANISATION = "10.5555/organisation-author"
MIXED_AUTHORS = "10.5555/odd-authors"
MANY_AUTHORS = "10.5555/three-thousand-authors"
NO_AUTHOR = "10.5555/no-author"
MOJIBAKE = "10.5555/replacement-character"
ARTICLE_NUMBER = "10.5555/article-number"
ISBN_URL = "10.5555/isbn-as-url"
ABSTRACT = "10.5555/jats-abstract"
REFERENCES = "10.5555/with-references"
DELETED = "10.5555/deleted"
ISSUE_NOT_ARTICLE = "10.5555/journal-issue-with-page"
ALIAS = "10.5555/alias"
ALIAS_OF_ALIAS = "10.5555/alias-of-alias"
ALIAS_TO_NOWHERE = "10.5555/alias-to-nowhere"
RETRACTED_PUBLISHER = "10.5555/retracted-by-publisher"
RETRACTED_WATCH = "10.5555/retracted-by-retraction-watch"
RETRACTED_BOTH = "10.5555/retracted-by-both"
RETRACTED_SELF = "10.5555/retracted-in-place"
RETRACTION_NOTICE = "10.5555/retraction-notice"
CORRECTED = "10.5555/corrected"
ODD_UPDATE = "10.5555/update-of-unknown-type"
PREPRINT = "10.5555/preprint"
PUBLISHED_PREPRINT = "10.5555/preprint-published"
UNKNOWN_TYPE = "10.5555/type-of-tomorrow"
DATACITE_ONLY = "10.5281/zenodo.1"
MEDRA_ONLY = "10.1400/1"
NOWHERE = "10.9999/nobody-registered-this"

_DAY = "2026-03-0"


def stamp(text: str) -> Json:
    """A date with time as ``indexed`` and its like carry it; `text` is ``YYYY-MM-DD``."""
    year, month, day = (int(part) for part in text.split("-"))
    return {
        "date-parts": [[year, month, day]],
        "date-time": f"{text}T08:30:00Z",
        "timestamp": 1_772_000_000_000 + day * 86_400_000,
    }


def parts(*values: int | None) -> Json:
    """A partial date; ``parts(None)`` is the null date."""
    return {"date-parts": [list(values)]}


def person(family: str, given: str, **more: Any) -> Json:
    """An author as records of 2026 carry them."""
    role = [{"vocabulary": "crossref", "role": "author"}]
    return {"given": given, "family": family, "sequence": "additional", "affiliation": [],
            "role": role, **more}  # fmt: skip


def work(doi: str, title: str, /, **fields: Any) -> Json:
    """An ordinary record; `fields` (with ``_`` for ``-``) replace or add, None takes one away."""
    date = fields.pop("date", (2020, 5, 17))
    made: Json = {
        "indexed": stamp(f"{_DAY}1"),
        "created": stamp(f"{_DAY}2"),
        "deposited": stamp(f"{_DAY}3"),
        "DOI": doi,
        "URL": f"https://doi.org/{doi}",
        "prefix": doi.partition("/")[0],
        "member": "7822",
        "publisher": "Test Publishing House",
        "source": "Crossref",
        "type": "journal-article",
        "title": [title],
        "subtitle": [],
        "short-title": [],
        "original-title": [],
        "container-title": ["Journal of Made-up Results"],
        "short-container-title": ["J. Made-up Res."],
        "author": [person("Quill", "Ada"), person("Inkwell", "Bruno")],
        "volume": "12",
        "issue": "3",
        "page": "45-67",
        "ISSN": ["1234-5679", "9876-5434"],
        "issn-type": [
            {"value": "1234-5679", "type": "print"},
            {"value": "9876-5434", "type": "electronic"},
        ],
        "issued": parts(*date),
        "published": parts(*date),
        "language": "en",
        "subject": [],
        "relation": {},
        "link": [],
        "license": [],
        "content-domain": {"domain": [], "crossmark-restriction": False},
        "reference-count": 0,
        "references-count": 0,
        "is-referenced-by-count": 4,
        "resource": {"primary": {"URL": "https://publisher.invalid/landing"}},
    }
    made |= {name.replace("_", "-"): value for name, value in fields.items()}
    return {name: value for name, value in made.items() if value is not None}


def works() -> list[Json]:
    """Every record of the corpus, made anew at each call so that a test may change them."""
    return [
        *_doi_traps(),
        *_date_traps(),
        *_title_traps(),
        *_author_traps(),
        *_other_traps(),
        *_updates(),
        *_relations(),
        *_every_type(),
    ]


def aliases() -> dict[str, str]:
    """Alias -> DOI it leads to: one step, a chain of two, and one to an unknown DOI."""
    return {ALIAS: PLAIN, ALIAS_OF_ALIAS: ALIAS, ALIAS_TO_NOWHERE: NOWHERE}


def agencies() -> dict[str, str]:
    """Prefix or DOI -> agency name, for `DoiOrgServer`."""
    names = dict.fromkeys(("10.5555", "10.1001", "10.1002"), "Crossref")
    return {**names, "10.5281": "DataCite", "10.1400": "mEDRA", NOWHERE: ""}


def agency_ids() -> dict[str, str]:
    """Prefix -> agency id, for ``/works/{doi}/agency`` of DOIs Crossref does not hold."""
    return {"10.5281": "datacite", "10.1400": "medra"}


def datacite_works() -> list[Json]:
    """DataCite's records: one data set that Crossref does not know."""
    attributes = {
        "doi": DATACITE_ONLY,
        "creators": [
            {"name": "Quill, Ada", "nameType": "Personal", "givenName": "Ada",
             "familyName": "Quill", "affiliation": [], "nameIdentifiers": []},
            {"name": "Institute of Invention", "nameType": "Organizational"},
        ],
        "titles": [{"title": "Tables of invented measurements"}],
        "publisher": "Zenodo",
        "publicationYear": 2021,
        "types": {"resourceTypeGeneral": "Dataset", "citeproc": "dataset", "ris": "DATA"},
        "dates": [{"date": "2021-04-02", "dateType": "Issued"}],
        "url": "https://repository.invalid/record/1",
    }  # fmt: skip
    return [{"id": DATACITE_ONLY, "type": "dois", "attributes": attributes, "relationships": {}}]


def _doi_traps() -> list[Json]:
    return [
        work(PLAIN, "A plain article about nothing in particular"),
        work(TEST_RECORD, "Toward a theory of empty results", date=(2008, 8, 14)),
        work(SICI, "An article whose name holds angle brackets", date=(1999, 1)),
        work(COMMA, "An article of a time when commas were allowed", date=(1984, 5, 18)),
        work(HASH, "Second part of a divided study"),
        work(PERCENT, "On a solution of one half"),
        work(QUESTION, "A question in the name"),
        work(UNICODE, "Testing letters beyond ASCII"),
        work(VERY_LONG, "A name of more than five hundred letters"),
    ]


def _date_traps() -> list[Json]:
    null = {"issued": parts(None), "published": None}
    return [
        work(NO_DATE, "Nobody knows when this appeared", **null),
        work(EMPTY_DATE, "A date of nothing", issued={"date-parts": [[]]}, published=None),
        work(EMPTY_PARTS, "A date of less than nothing", issued={"date-parts": []}, published=None),
        work(YEAR_ONLY, "Some time in a year", date=(1987,)),
    ]


def _title_traps() -> list[Json]:
    math = (
        '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:msup><mml:mi>x</mml:mi>'
        "<mml:mn>2</mml:mn></mml:msup></mml:math>"
    )
    indented = "ZrW\n            <sub>2</sub>\n            O\n            <sub>8</sub>\n   glass"
    return [
        work(NO_TITLE, "", title=None),
        work(EMPTY_TITLE, "", title=[]),
        work(MARKUP, "The <i>Escherichia</i> of H<sub>2</sub>O and <scp>small</scp> caps"),
        work(MATHML, f"Roots of {math} in a field"),
        work(ENTITIES, "Salt &amp;amp; pepper &lt;i&gt;in&lt;/i&gt; co\u2010operation\u00a0I"),
        work(INDENTED, indented),
        work(TWO_CONTAINERS, "A chapter of a book in a series", type="book-chapter",
             container_title=["Notes in Invention", "The Book of Inventions"],
             ISBN=["9780000000002"]),
        work(SUBTITLE, "Weather: a history of rain", subtitle=["a history of rain"]),
    ]  # fmt: skip


def _author_traps() -> list[Json]:
    body = {"name": "World Guild of Inventors", "sequence": "first", "affiliation": []}
    odd = [
        {"family": "Mononym", "sequence": "first", "affiliation": []},
        {"given": "Onlygiven", "sequence": "additional", "affiliation": []},
        person("DER AA", "P. J.", suffix="Jr."),
        person("A Light", "M."),
        person("-", "et al."),
        person("Ørsted", "Åse", ORCID="https://orcid.org/0000-0002-1825-0097"),
        person("Quill", "Ada", ORCID="http://orcid.org/0000-0001-5109-3700",
               affiliation=[{"name": "Institute of Invention"}]),
    ]  # fmt: skip
    crowd = [person(f"Family{number:04d}", f"Given{number % 97}") for number in range(3000)]
    return [
        work(ORGANISATION, "Guidelines of a body", author=[body]),
        work(MIXED_AUTHORS, "A paper of oddly named people", author=odd),
        work(MANY_AUTHORS, "A measurement by everybody", author=crowd),
        work(NO_AUTHOR, "An editorial nobody signed", author=None),
        work(MOJIBAKE, "A letter lost on its way", author=[person("M\ufffdller", "J")],
             date=(2007, 2)),
    ]  # fmt: skip


def _other_traps() -> list[Json]:
    abstract = (
        "<jats:title>Abstract</jats:title>\n            <jats:sec>\n"
        "  <jats:title>Aim</jats:title>\n"
        "   <jats:p>We made this up &amp; say so.</jats:p></jats:sec>"
    )
    references = [
        {"key": "ref1", "DOI": PLAIN, "doi-asserted-by": "publisher"},
        {"key": "ref2", "unstructured": "Quill A. (1901) A reference without a DOI."},
        {"key": "ref3", "author": "Inkwell", "year": "1999", "journal-title": "J. Made-up Res."},
    ]
    funder = [{"DOI": "10.13039/501100000001", "name": "Fund for Fiction",
               "doi-asserted-by": "publisher", "award": ["F-1"]}]  # fmt: skip
    return [
        work(ARTICLE_NUMBER, "An article without pages", page=None, article_number="e123"),
        work(ISBN_URL, "A book of an old dump", type="book", ISSN=None, issn_type=None,
             ISBN=["http://id.crossref.org/isbn/978-0-00-000000-2"]),
        work(ABSTRACT, "An article with an abstract", abstract=abstract, language="eng"),
        work(REFERENCES, "An article with references", reference=references,
             references_count=3, reference_count=3, funder=funder),
        work(DELETED, "CrossRef Listing of Deleted DOIs", publisher="Test accounts", author=None,
             container_title=["CrossRef Listing of Deleted DOIs"], issued=parts(None)),
        work(ISSUE_NOT_ARTICLE, "", type="journal-issue", title=None, author=None, page=None),
    ]  # fmt: skip


def _update(doi: str, kind: str, source: str, day: str, **more: str) -> Json:
    label = kind.replace("_", " ").capitalize()
    return {"DOI": doi, "type": kind, "label": label, "source": source, "updated": stamp(day),
            **more}  # fmt: skip


def _updates() -> list[Json]:
    """Retractions by publisher, Retraction Watch, both, and in place; a correction; an odd type."""
    publisher = _update(RETRACTION_NOTICE, "retraction", "publisher", "2024-02-01")
    watch = _update(RETRACTION_NOTICE, "retraction", "retraction-watch", "2024-02-03",
                    **{"record-id": "4036"})  # fmt: skip
    notice = [
        _update(doi, "retraction", "publisher", "2024-02-01")
        for doi in (RETRACTED_PUBLISHER, RETRACTED_BOTH)
    ]
    in_place = _update(RETRACTED_SELF, "retraction", "publisher", "2023-06-05")
    correction = _update("10.5555/correction", "correction", "publisher", "2022-01-09")
    free = {"DOI": PLAIN, "type": "err", "updated": stamp("2010-01-01"), "source": "publisher"}
    return [
        work(RETRACTED_PUBLISHER, "RETRACTED: Too good to be true", updated_by=[publisher]),
        work(RETRACTED_WATCH, "Also too good to be true", updated_by=[watch]),
        work(RETRACTED_BOTH, "Twice too good to be true", updated_by=[publisher, watch]),
        work(RETRACTED_SELF, "Taken back where it stood", update_to=[in_place]),
        work(RETRACTION_NOTICE, "Retraction notice", update_to=notice, date=(2024, 2, 1)),
        work(CORRECTED, "Nearly right", updated_by=[correction]),
        work(ODD_UPDATE, "Erratum of a kind not known", update_to=[free]),
    ]


def _relations() -> list[Json]:
    """A preprint and the article it became. Object DOIs are not lower-cased."""
    forth = {"is-preprint-of": [{"id-type": "doi", "id": PUBLISHED_PREPRINT.upper(),
                                 "asserted-by": "subject"}]}  # fmt: skip
    back = {"has-preprint": [{"id-type": "doi", "id": PREPRINT, "asserted-by": "object"}]}
    return [
        work(PREPRINT, "First thoughts on an invention", type="posted-content", subtype="preprint",
             container_title=[], ISSN=None, issn_type=None, volume=None, issue=None, page=None,
             posted=parts(2019, 11, 4), institution=[{"name": "inventRxiv"}], relation=forth,
             group_title="Invention", date=(2019, 11, 4)),
        work(PUBLISHED_PREPRINT, "Second thoughts on an invention", relation=back),
    ]  # fmt: skip


def type_doi(kind: str) -> str:
    """DOI of the record of a type in the corpus."""
    return f"10.5555/type.{kind}"


def _every_type() -> list[Json]:
    """One record of each type, and one of a type no list names yet."""
    extra: dict[str, Json] = {
        "dissertation": {"degree": ["PhD"], "institution": [{"name": "University of Invention"}]},
        "proceedings-article": {"event": {"name": "Congress of Inventions", "acronym": "CI"}},
        "peer-review": {"review": {"type": "referee-report", "stage": "pre-publication"}},
        "standard": {"standards_body": {"name": "Body of Standards", "acronym": "BS"}},
        "edited-book": {"author": None, "editor": [person("Quill", "Ada")]},
        "posted-content": {"subtype": "preprint", "posted": parts(2020, 5, 17)},
        "grant": {"title": None, "project": [{"project-title": [{"title": "A grant"}]}]},
        "journal": {"author": None, "volume": None, "issue": None, "page": None},
    }
    found = [
        work(type_doi(kind), f"An example of the type {label}", type=kind, **extra.get(kind, {}))
        for kind, label in TYPES
    ]
    found.append(work(UNKNOWN_TYPE, "A poster of a type not yet named", type="poster"))
    return found
