"""Where in a reference volume, issue, pages and year stand, by the punctuation of each style.

`find_place` looks at the end of a text only, so its work does not grow with the text. What the
form does not make certain (a lone number, which may be volume or page) is left unsaid.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from refman.model import Date
from refman.text.dates import read_date

_WINDOW = 260

YEAR = r"(?:1[5-9]|20)\d\d"
_VOLUME = (
    r"(?:[A-Za-z]{0,3}-?\d{1,5}[A-Za-z]{0,2}(?:[-–/]\d{1,5}[A-Za-z]?)?|[IVXLCDM]{1,9}|"
    r"[A-Za-z]\d{0,2}-[IVXLC]{1,7})"
)
_ISSUE = r"[^()\s;:,][^();:]{0,48}"
_ONE_PAGE = r"(?:[A-Za-z]{0,6}[-.]?\d[\w.]{0,18}|[ivxlcdm]{1,8}|[IVXLCDM]{1,8})"
PAGES = (
    rf"(?:[A-Z][a-z]?\d{{0,2}}[-–]\d{{1,5}}[-–][A-Z][a-z]?\d{{0,2}}[-–]\d{{1,5}}|[A-Z]{{1,3}}"
    rf"[-–]\d{{1,5}}|{_ONE_PAGE}\s?[-–—−‐]{{1,2}}\s?{_ONE_PAGE}|{_ONE_PAGE}(?![-–—−‐]))"
)
_MORE_PAGES = rf"{PAGES}(?:, ?(?!{YEAR}\b)\d{{1,5}}(?:[-–—−]\d{{1,5}})?){{0,3}}"
_MONTH = (
    r"(?:[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Mm]ei|[Jj]un|[Jj]ul|[Aa]ug|[Ss]ep|[Oo]ct|[Oo]kt|"
    r"[Nn]ov|[Dd]ec|[Dd]es|"
    r"Spring|Summer|Autumn|Fall|Winter)[a-zé]{0,7}\.?"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_WHEN = rf"{_MONTH}(?:\s?[-–/]\s?{_MONTH})?(?: {_DAY}(?:[-–]{_DAY})?)?"
_VOL = r"[Vv]ol(?:ume|\.)? ?"
_NO = r"(?:[Nn]omor|[Nn]umber|[Ii]ssue|[Nn]os|[Nn]o|[Nn]r|[Nn]um|[Ii]ss)\.? ?"
_PP = r"(?:(?:pp?|[Pp]gs?|hal|hlm|pag)\.? ?|S\. )"


def _tail(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + "$")


_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # Anticancer Res. 2019 Dec;39(12):6547-53
    ("vancouver", _tail(
        rf"[.,]? \(?(?P<year>{YEAR})[a-z]?\)?(?:[ ,]{{1,2}}(?P<when>{_WHEN}))?\s?;\s?"
        rf"(?:{_VOL})?(?P<volume>{_VOLUME})?\s?(?:\((?P<issue>{_ISSUE})\)|, ?{_NO}"
        rf"(?P<issue2>\w{{1,8}}))?"
        rf"(?: (?P<issue3>(?:Suppl|Pt|Spec No)\.?(?: ?\w{{1,4}})?))?"
        rf"(?:\s?[:,]\s?(?:{_PP})?(?P<page>{_MORE_PAGES}))?")),
    # Cell. 2019 Aug 19: not in an issue yet
    ("unissued", _tail(rf"\. (?P<year>{YEAR}) (?P<when>{_WHEN})")),
    # Diabet Med 2007, 24(12):1345-1351
    ("bmc", _tail(
        rf"[.,]? \(?(?P<year>{YEAR})\)?[,.;]? (?P<volume>{_VOLUME})\s?(?:\((?P<issue>{_ISSUE})\))"
        rf"?\s?: ?(?:{_PP})?(?P<page>{_MORE_PAGES})")),
    # vol. 12, no. 3, pp. 45–50, Jan. 2019; also of MLA 8 and Harvard
    ("labelled", _tail(
        rf"[,.]? (?:{_VOL}|V\. ?)(?P<volume>{_VOLUME})(?:,? ?(?:{_NO}(?P<issue>[\w–/-]{{1,12}}"
        rf"(?: \w{{1,4}})?)|\((?P<issue2>{_ISSUE})\)))?"
        rf"(?:, {_NO}(?P<number3>\w{{3,14}}))?"
        rf"(?:,? (?P<when>{_WHEN})?,? ?\(?(?P<year>{YEAR})\)?)?"
        rf"(?:[,:] (?:(?:{_PP})(?P<page>{PAGES})|(?:Art\.?|Article)(?: ?[Nn]o\.?)?:? "
        rf"(?P<number>\w{{1,14}})))?"
        rf"(?:,? \(?(?P<when2>{_WHEN})?,? ?(?P<year2>{YEAR})\)?)?"
        rf"(?:, (?:Art\.?|Article)(?: ?[Nn]o\.?)?:? (?P<number2>\w{{1,14}}))?")),
    # Journal 157.1 (2000): 1–6
    ("mla-issued", _tail(
        rf" (?P<volume>{_VOLUME})\.(?P<issue>[\w–/-]{{1,12}}(?: \w{{1,10}})?) \((?P<year>{YEAR})\)"
        rf": (?:n\. pag|(?P<page>{PAGES}|[A-Za-z]{{1,3}}[-–][A-Za-z]{{1,3}}))")),
    # Journal, XV, no. 21, May 1908, p. 1710
    ("labelled-issue", _tail(
        rf", (?P<volume>{_VOLUME}), {_NO}(?P<issue>[\w–/-]{{1,12}})"
        rf"(?:, (?P<when>{_WHEN})? ?(?P<year>{YEAR}))?(?:, {_PP}(?P<page>{PAGES}))?")),
    # Journal 54 (1) (March 26): 79–84, Journal 54, no. 1 (March 2004): 79–84
    ("chicago", _tail(
        rf" (?:{_VOL})?(?P<volume>{_VOLUME})(?: \((?P<issue>(?!{_WHEN}[ )]|{YEAR}\)){_ISSUE})\)"
        rf"|, {_NO}"
        rf"(?P<issue2>[\w–/-]{{1,12}}(?: \w{{1,8}})?))?"
        rf"(?: \((?:(?P<when>{_WHEN})(?:,? (?P<year>{YEAR}))?|(?P<year2>{YEAR}))\))?: "
        rf"(?P<page>{PAGES}|[A-Za-z]{{1,3}}–[A-Za-z]{{1,3}})")),
    # Journal 157 (2000): 1–6
    ("mla", _tail(
        rf"(?: (?:{_VOL})?(?P<volume>{_VOLUME})(?:\.(?P<issue>[\w–/-]{{1,12}}(?: \w{{1,10}})?))?)"
        rf"? \((?P<year>{YEAR})\)"
        rf": (?:n\. pag|(?P<page>{PAGES}|[A-Za-z]{{1,3}}-[A-Za-z]{{1,3}}))")),
    ("chicago-unpaged", _tail(
        rf" (?:{_VOL})?(?P<volume>{_VOLUME})(?: \((?P<issue>(?!{_WHEN}[ )])[^()]{{1,12}})\))"
        rf"?(?: \((?P<when>{_WHEN})(?: (?P<year>{YEAR}))?\))")),
    ("chicago-issue", _tail(rf"(?<!\d,) (?:{_VOL})?(?P<volume>{_VOLUME}) \((?P<issue>\d{{1,3}}(?:"
        rf"[-–/]\d{{1,3}})?)\)")),
    ("asa-unpaged", _tail(rf" (?P<volume>\d{{1,4}})\((?P<issue>{_ISSUE})\)")),
    ("chicago-dated", _tail(rf"(?: \((?P<issue>\d{{1,3}})\))? \((?P<when>{_WHEN})(?:,? "
        rf"(?P<year>{YEAR}))?\)(?:: (?P<page>{PAGES}))?")),
    # Nature 12(3), 345–350 (2008); AIP
    ("nature", _tail(
        rf",? (?:{_VOL})?(?P<volume>{_VOLUME})(?:\s?\((?P<issue>{_ISSUE})\))?,(?: "
        rf"(?P<page>{_MORE_PAGES}),?)? \((?P<year>{YEAR})\)")),
    # Journal 240(2) (1981) 121–130
    ("elsevier", _tail(
        rf",? (?:{_VOL})?(?P<volume>{_VOLUME})(?:\s?\((?P<issue>{_ISSUE})\))? \((?P<year>{YEAR})"
        rf"\),? (?P<page>{PAGES})")),
    ("lone", _tail(rf",? (?P<lone>[A-Za-z]{{0,5}}\d[\w.]{{0,18}}|[IVXLC]{{1,6}})"
        rf" \((?P<year>{YEAR})\)")),
    ("elsevier-unnumbered", _tail(rf" \((?P<year>{YEAR})\) (?P<page>{PAGES})")),
    # Journal 1998, 50 (2), 474–484
    ("acs", _tail(
        rf",? (?P<year>{YEAR}), (?:{_VOL})?(?P<volume>{_VOLUME})(?: \((?P<issue>{_ISSUE})\))?, "
        rf"(?P<page>{_MORE_PAGES})")),
    ("acs-unpaged", _tail(rf" (?P<year>{YEAR}), (?:{_VOL})?(?P<volume>{_VOLUME})"
        rf" \((?P<issue>{_ISSUE})\)")),
    ("acs-paged", _tail(rf",? (?P<year>{YEAR}), (?P<page>{_ONE_PAGE}\s?[-–—−]\s?{_ONE_PAGE})")),
    # Nature 521 (7553), 436-444, 2015
    ("scholar", _tail(
        rf",? (?P<volume>\d{{1,5}})(?: \((?P<issue>{_ISSUE})\))?, (?P<page>{PAGES}), "
        rf"(?P<year>{YEAR})")),
    # Journal, 78(2), 128–135
    ("apa", _tail(
        rf", ?(?:{_VOL})?(?P<volume>{_VOLUME})\s?\((?P<issue>{_ISSUE})\)(?:, ?(?:{_PP})"
        rf"?(?:Article )?(?P<page>{_MORE_PAGES}|[A-Za-z]{{1,3}}[–-][A-Za-z]{{1,3}}))?")),
    ("apa-unissued", _tail(rf"(?<!\d), (?:{_VOL})?(?P<volume>{_VOLUME}), (?:{_PP})?(?:Article )"
        rf"?(?P<page>{PAGES}|[A-Za-z]{{1,3}}[–-][A-Za-z]{{1,3}})")),
    ("apa-unnumbered", _tail(rf", \((?P<issue>{_ISSUE})\)(?:, (?:{_PP})?(?P<page>{PAGES}))?")),
    # Journal 12(3):45–50
    ("springer", _tail(
        rf",? (?:{_VOL})?(?P<volume>{_VOLUME})\s?(?:\((?P<issue>{_ISSUE})\))?\s?: ?(?:{_PP})"
        rf"?(?P<page>{_MORE_PAGES})(?:,? \(?(?P<year>{YEAR})\)?)?")),
    # Journal 12, 45–50
    ("harvard", _tail(rf" (?:{_VOL})?(?P<volume>{_VOLUME})\s?(?:\((?P<issue>{_ISSUE})\))?,? "
        rf"(?:{_PP})?(?P<page>{_ONE_PAGE}[-–—−]{_ONE_PAGE}(?:, ?\d{{1,5}}(?:[-–—−]\d{{1,5}})?)"
        rf"{{0,3}})(?:, (?P<year>{YEAR}))?")),
    ("paged", _tail(rf"(?:[,.:]? \(?{_PP}|[,:] )(?P<page>{_ONE_PAGE}\s?[-–—−]\s?{_ONE_PAGE})"
        rf"\)?(?:, (?P<year>{YEAR}))?")),
    ("harvard-single", _tail(rf" (?P<volume>{_VOLUME})\s?(?:\((?P<issue>{_ISSUE})\))?, "
        rf"(?P<page>{_ONE_PAGE})")),
    ("volumed", _tail(r"(?:,? [Vv]ol(?:ume|\.)?|(?<!:)) (?P<volume>\d{1,4})")),
    ("comma-volumed", _tail(r", (?:[Vv]ol(?:ume|\.)? )?(?P<volume>\d{1,4})")),
    ("spaced", _tail(rf"(?<=\w) (?:(?P<page>{_ONE_PAGE}[-–—−]{_ONE_PAGE})|n\. pag)|(?<=\w): "
        rf"(?P<page2>{_ONE_PAGE})")),
    ("bare-year", _tail(rf" (?P<year>{YEAR})")),
    ("acs-volumed", _tail(rf" (?P<year>{YEAR}), (?P<volume>\d{{1,4}})")),
    ("yeared", _tail(rf"(?:[,.:]| (?=\()) ?\(?(?:(?P<when>{_WHEN}),? )?(?P<year>{YEAR})\)?")),
)  # fmt: skip


_YEAR_AND_PAGES = re.compile(rf"[, ]{{1,2}}{YEAR}, pp?\.")
_ON_DEMAND = frozenset(
    ("volumed", "comma-volumed", "harvard-single", "spaced", "bare-year", "acs-volumed")
)
"""Forms so bare that they say something only where the rest of the style is certain."""


@dataclass(frozen=True, slots=True)
class Place:
    """What the end of a reference says; `start` is where in the text it begins."""

    form: str
    start: int
    issued: Date | None = None
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    number: str | None = None

    @property
    def is_periodical(self) -> bool:
        """Whether there is a volume or an issue, as journals have."""
        return bool(self.volume or self.issue)


FORMS = tuple(form for form, _ in _FORMS if form not in _ON_DEMAND)
"""The forms that are looked for unless others are asked for."""


def find_place(text: str, *forms: str) -> Place | None:
    """The place that a text ends with, in the first of the forms (of all) that fits."""
    text = text.rstrip(" .,;–—-")
    window = max(0, len(text) - _WINDOW)
    tail = text[window:]
    for form, pattern in _FORMS:
        if form not in forms if forms else form in _ON_DEMAND:
            continue
        match = pattern.search(tail)
        if match is not None:
            return _place(form, match, window)
    return None


def _place(form: str, match: re.Match[str], offset: int) -> Place:
    groups = match.groupdict()
    if groups.get("volume") and not groups.get("year") and _YEAR_AND_PAGES.match(match.group()):
        # `Book, Publisher, 2014, pp. 94–113`
        groups |= {"year": groups["volume"], "volume": None}

    def first(*names: str) -> str | None:
        return next((groups[name] for name in names if groups.get(name)), None)

    return Place(
        form,
        offset + match.start(),
        issued=date_of(first("year", "year2"), first("when", "when2")),
        volume=first("volume"),
        issue=first("issue", "issue2", "issue3"),
        page=page_of(first("page", "page2")),
        number=first("number", "number2", "number3"),
    )


def date_of(year: str | None, when: str | None = None) -> Date | None:
    """The date of a year and words for month and day."""
    if year is None:
        return None
    if when:
        read = read_date(f"{when} {year}")
        if read is not None and read.date.year is not None:
            return read.date
    return Date(int(year[:4]))


_DASHES = re.compile(r"\s?[-–—−‐]{1,2}\s?")
_NO_PAGES = frozenset(("no-no", "n/a-n/a", "n/a"))


def page_of(text: str | None) -> str | None:
    """Pages with a plain hyphen between first and last."""
    if text is None:
        return None
    page = _DASHES.sub("-", text.strip())
    return None if page.lower() in _NO_PAGES else page
