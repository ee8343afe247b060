"""What the same RIS tag means for different types of work.

RIS gives a tag several meanings; which, depends on the type. The sets hold CSL types.
"""

from __future__ import annotations

FORMAT = "ris"
"""The format of what is kept in `extra`."""

TEXTS = {
    "VL": "volume",
    "IS": "issue",
    "PB": "publisher",
    "CY": "publisher_place",
    "LA": "language",
    "CN": "call_number",
    "ST": "title_short",
    "NV": "number_of_volumes",
    "RN": "annote",
    "DP": "source",
}
"""Tags that are one field, both ways."""

ARTICLES = frozenset(
    (
        "article", "article-journal", "article-magazine", "article-newspaper", "review",
        "review-book",
    )
)  # fmt: skip
"""`C7` is the article's number, `C2` its PMCID, `ET` the day it was out online."""

PERIODICALS = frozenset(("article-journal", "article-magazine", "article-newspaper"))
"""`JF` is written beside `T2`, for readers that know of periodicals only by that."""

WHOLES = frozenset(
    (
        "book", "thesis", "report", "map", "software", "standard", "motion_picture", "song",
        "periodical", "pamphlet", "patent", "musical_score", "classic",
    )
)  # fmt: skip
"""Works that are in nothing: `T2` is their series, and `BT` their own title."""

COUNTED = frozenset(("book", "thesis", "manuscript", "pamphlet", "classic"))
"""`SP` is the number of their pages, unless there is an `EP`."""

NUMBERED = frozenset(("report", "patent", "standard"))
"""`SN` is their number, where it is no ISBN or ISSN."""

CONFERENCES = frozenset(("paper-conference",))
"""`C7` is the article's number too; `C3` may be the title of the proceedings, `T2` then is the
conference."""

VERSIONED = frozenset(("software",))
"""`ET` is their version."""
