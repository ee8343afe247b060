"""Where in a reference the title ends and the name of the journal or book begins."""

from __future__ import annotations

import re

from refman.text.reference_names import CAPITAL

_YEAR = r"(?:1[5-9]|20)\d\d"
_BOUNDARY = re.compile(r"[.?!…][\"”’»)\]*]{0,2} (?=\S)")
_SMALL_BOUNDARY = re.compile(r"(?<=[^\W\d_]{4})[.?!] (?=[a-z])")
_SERIES = re.compile(
    r"(?:Series|Serie|Ser|Section|Sect|Part|Pt|Teil|Abteilung|Abt|Supplement|Suppl|[A-H])\b"
)
_NUMERAL = re.compile(r"(?:\d{1,3}|[IVX]{1,5}|[A-Za-z])\.?")
_SHORTENED = re.compile(
    r"(?!(?:Comment|Report|Part|Discussion|Conclusion|Introduction|Abstract|Erratum|Correction)\.)"
    r"[A-Z][a-z]{1,11}(?:[bcdfghjklmnpqrtvwxz]|[bcdfghklmnprtw]s)\."
)
"""A word that was cut, as far as its form shows."""
_CONNECTORS = frozenset(
    "of the and in on for de la le les des du der die das für und et e y di del della dei & "
    "en van".split()
)
_WHOLE_WORDS = frozenset(
    """
    actual beams cancer cell child drug earth experimental ferment fluid food found fuel heart
    hist imaging japan korean laser liver management mass matter membrane methods middle mineral
    natural nervous new nucleic ocean oral plan plant power protein pure remote school signal
    soil stem top train transplant transport trauma treat virus water weld wood world yield
    """.split()
)
"""Words in the names of journals that nobody abbreviates, so that a full stop ends a sentence."""
_NEVER_LAST = frozenset("vs st dr mr mrs no cf eg e.g i.e ca sp spp var subsp".split())
"""Words whose full stop ends no sentence."""
_ABBREVIATED = frozenset(
    """
    abh abstr abus acad acc accel acta actual adm adv agric agron akad allg alp altern am amer
    an anaesth anal anat androl anesth angew anim ann annu anthrop anthropol antibiot antimicrob
    antiq ap appl aquac arch archaeol archit arct arthritis artif asian assoc astron astrophys
    atmos aust austral azerb bact bacteriol beams behav belg ber bib bioanal biochem biochim
    bioeng bioinform biol biom biomater biomed biomol biophys bioresour biosci biosens biosyst
    biotechnol bot br bras brit build bull bur c calif can canad cancer carcinog cardiol
    cardiothorac cardiovasc carib cas catal cell cem ceram chem chemother child chim chin chir
    chromatogr cienc circ civ clim clin cogn coll colloid comb comm commun comp compr comput
    concr condens conf conserv constr contam contemp contrib control coord corros crit cryst
    crystallogr curr cytol def dent dermatol des dev diabet diagn dig dis discuss disord dokl
    drug dtsch dyn earth ecol econ econom ed edu educ electr electrochem electron embryol emerg
    endocr endocrinol energ eng engl enol entomol environ enz enzymol epidemiol ergon ergonom
    ethnopharmacol eur euro evid evol exp expert explor fed ferment fertil fiz fluid fluoresc
    food forens found front fuel funct fund fut gastroenterol gastrointest gen genet geochem
    geochim geogr geol geom geophys geosci gerontol ges glob gynaecol gynecol haematol heart
    hematol hepatol herit hist histochem histol hort hortic hosp hum hung hydrobiol hydrol hyg
    ieee imag imaging immun immunol ind indian inf infect inflamm inform inorg inst instrum int
    integr intell interact interf intern invert invest ir isr ital j jap japan jpn kem kgl klin
    kor korean lab lang laser lect lett leukoc limnol lipid liq liver ln lond mach macromol mag
    magn manag management mar mass mat mater math meas mech med mem membr ment met metab metall
    meteorol methods micro microb microbiol microelectron microsc middle mineral mod mol monogr
    morphol mult mus musculoskelet mutat n nano nanosci nanotechnol nat natl natur nav negl
    nephrol nervous neth neuro neurobiol neurochem neurol neuropathol neurophysiol neuropsychol
    neurosci neurosurg new nucl nucleic num numer nurs nutr obes obstet occup ocean oceanogr
    odontol oncol ophthalmol opin opt oral org ornithol orthop otolaryngol pac paediatr
    palaeontol paleontol parasitol part path pathol pediatr perform pers pest petrol pflanz
    pharm pharmacol pharmacother philos photochem photon phys physiol phytochem phytopathol pl
    plan plant plast pneumol pol polit polym popul poult power pract prev prikl prob proc
    process prod prof prog progr prot protein psych psychiat psychiatr psychiatry psychol
    psychophysiol psychosom psychother publ pure q qual quant quart quat queensl radiat radiol
    radiother recl regul rehabil reliab remote rep reprod res resour resp respir rev rheum
    rheumatol rom roum roy russ s saf sb scand sch sci scient sect secur semicond semin sens sep
    ser signal simul skand soc sociol softw soil sol sov sp spectrochim spectrosc st stand stat
    stem steroid strateg struct stud subst suppl surf surg surv sust sustain swed symp synth sys
    syst taxon tech technol telecommun theol theor ther thermochim thromb tijdschr tiss top tox
    toxicol traff train trans transpl transplant transport traum trauma treat trib trop tuberc u
    ultrason univ urb urol us vasc veg ven verh vet vib virol virus vis vitr vol wat water weld
    wiss wochenschr wood world x yield z zh zool
    """.split()
)
_PUBLISHER = re.compile(
    r"\b(?:Press|Presses|Publish\w{2,5}|Publications?|\w{0,20}[Vv]erlag|Springer|Wiley|Sons"
    r"|Elsevier|Routledge|Sage|SAGE|McGraw|"
    r"Penguin|Macmillan|Pearson|Cambridge UP|Oxford UP|Academic Press|CRC|Birkhäuser|Brill|Gruyter|"
    r"Blackwell|Penerbit|Gramedia|Editorial|Éditions|Editions|Books|Bentham|IGI Global"
    r"|World Scientific|"
    r"Erlbaum|Kluwer|Palgrave|University|Universitas|Academy|Association|Society"
    r"|Organi[sz]ation|Institute|Ltd|Inc|GmbH|LLC)\b"
)
_GATHERING = re.compile(
    r"\b(?:Proceedings?|Proc|Conference|Conf|Symposium|Workshop|Congress|Meeting|Transactions"
    r"|Advances in|"
    r"Handbook|Encyclopedia|Encyclop[aæ]edia|Annual|Lecture Notes|Colloquium|Lexikon|Dictionary|"
    r"Journal|Jurnal|Review|Revista|Zeitschrift|Annals|Archives?|Bulletin|Letters|Acta|arXiv"
    r"|Prosiding|"
    r"Magazine|Newsletter|Quarterly|News|Reports?|Online|Dataset|Yearbook|Progress in|Frontiers in|"
    r"Topics in|Studies in|Forum|Congrès|Tagung|Conferencia)\b"
)


def boundaries(text: str) -> list[int]:
    """Where sentences of a text begin, but for the first; what follows is no small letter."""
    found = []
    for match in _BOUNDARY.finditer(text):
        start = match.end()
        if not text[start].islower() and not _is_inside_name(text, match.start()):
            found.append(start)
    return found


def _is_inside_name(text: str, dot: int) -> bool:
    """Whether a full stop belongs to something that is no sentence's end: `vs.`, `St.`."""
    if text[dot] != ".":
        return False
    word = text[max(0, dot - 12) : dot].rpartition(" ")[2].lower().lstrip("([“‘\"'")
    return word in _NEVER_LAST


def split_title(head: str, *, small: bool = False) -> tuple[str, str] | None:
    """Title and container of `Title. Container`; None where there is one sentence only.

    With `small` the container may begin with a small letter, if only one sentence does.
    """
    head = head.strip(" ,;")
    starts = boundaries(head)
    if not starts and small:
        starts = [match.end() for match in _SMALL_BOUNDARY.finditer(head)]
        if len(starts) != 1:
            return None
    if not starts:
        return None
    index = len(starts) - 1
    while index > 0 and _belongs(head[starts[index - 1] : starts[index]], head[starts[index] :]):
        index -= 1
    first = head[: starts[0]].strip()
    if index == 0 and _belongs(first, head[starts[0] :]):
        known = first.rstrip(".").rpartition(" ")[2].lower() in _ABBREVIATED
        if (known and len(first.split()) <= 2) or _SERIES.match(head[starts[0] :]):
            return None
    at = starts[index]
    title, container = head[:at].strip(), head[at:].strip(" ,;")
    if not title or not container:
        return None
    return title, container


def _belongs(segment: str, rest: str) -> bool:
    """Whether a sentence before the last is a part of the journal's name: `J.`, `Am. Chem.`"""
    if rest.startswith("("):
        return True
    if _SERIES.match(rest) and (len(rest.split()) <= 4 or rest[1:2] in (".", ":", ",")):
        return True
    words = segment.split()
    numeral = _NUMERAL.fullmatch(segment.strip()) is not None
    if len(words) > 5 or (numeral and words[0].lower().strip(".") not in "jnuz"):
        return False
    last = words[-1].rstrip(".").lower().rpartition("-")[2]
    if last in _WHOLE_WORDS:
        return False
    if last not in _ABBREVIATED and not (
        len(words) == 1 and _SHORTENED.fullmatch(words[0].rpartition("-")[2])
    ):
        return False
    return all(word[0].isupper() or word in _CONNECTORS or not word[0].isalpha() for word in words)


def is_publisher(text: str) -> bool:
    """Whether a text reads as the name of a publishing house."""
    return bool(_PUBLISHER.search(text)) and len(text) < 120


def is_gathering(text: str) -> bool:
    """Whether a text names a journal, proceedings or a work of reference by its own words."""
    return bool(_GATHERING.search(text))


def is_abbreviated(text: str) -> bool:
    """Whether a text is a journal's name made of short words: `J. Appl. Phys.`, `Arch Dermatol`"""
    words = text.split()
    if not 1 <= len(words) <= 10 or not all(
        word[0].isupper() or word in _CONNECTORS or not word[0].isalpha() for word in words
    ):
        return False
    dotted = sum(word.endswith((".", ".,", ".:")) for word in words)
    if dotted and (2 * dotted >= len(words) or (len(words) <= 5 and _is_known(words))):
        return True
    known = [word for word in words if word.rstrip(".,").lower() in _ABBREVIATED]
    if len(known) > 1 and words[0] == known[0] and len(words) <= 5:
        return True
    return len(words) > 1 and len(known) == len([word for word in words if word not in _CONNECTORS])


def _is_known(words: list[str]) -> bool:
    return any(w.endswith(".") and w.rstrip(".").lower() in _ABBREVIATED for w in words)


def split_at_comma(head: str) -> tuple[str, str] | None:
    """Title and journal of `Title, J. Abbrev.`; None where it is not certain."""
    at = head.rfind(", ")
    if at < 0:
        return None
    title, journal = head[:at].strip(), head[at + 2 :].strip()
    if is_abbreviated(journal) and split_title(journal) is None:
        return title, journal
    if journal.isupper() and journal.isalpha() and len(journal) > 3:
        return title, journal
    small = [word for word in title.split() if word.islower() and word not in _CONNECTORS]
    if (
        is_gathering(journal)
        and not is_gathering(title)
        and len(small) >= 2
        and journal[0].isupper()
    ):
        return title, journal
    return None


_ENDS = " ,;:"
_QUOTES = re.compile(r"^[“\"‘«„](.*)[”\"’»“]$")


def tidy_title(text: str) -> str | None:
    """A title without what a style puts at its end; a question mark stays."""
    text = text.strip(_ENDS)
    quoted = _QUOTES.match(text)
    if quoted is not None and not any(mark in quoted[1] for mark in '“”"'):
        text = quoted[1].strip(_ENDS)
    if text.endswith(".") and not re.search(rf"(?:\b{CAPITAL}\.{CAPITAL}|\.\.|…)\.$", text):
        text = text[:-1].rstrip(_ENDS)
    return text if any(char.isalpha() for char in text) else None


_END_OF_BOOK = re.compile(
    rf"\.?,? \((?:pp?\.|[Vv]ol|\d{{1,2}}(?:st|nd|rd|th)|{_YEAR}\))|[.,;] "
    rf"(?=(?:\d{{1,2}}(?:st|nd|rd|th)? [Ee]d|[Vv]ol|pp?\. ?\d|"
    rf"{_YEAR}|[Ee]dited by|[Ee]ds?\.|[Ss]er|No\. \d))"
)
_BRACKETS = re.compile(r" \([^()]{3,120}\)?")
_SEPARATOR = re.compile(r"[.,] ")


def book_title(text: str) -> str | None:
    """A book's title, of what stands in its place with publisher and place, where it is certain."""
    text = text.partition(";")[0].strip(" .,;:")
    ends = [match.start() for match in [_END_OF_BOOK.search(text)] if match is not None]
    ends += [match.start() for match in _BRACKETS.finditer(text) if is_publisher(match.group())]
    for match in list(_SEPARATOR.finditer(text))[:12]:
        following = text[match.end() :]
        if _is_abbreviation(text, match.start()):
            continue
        if is_publisher(re.split(r"[.,:;(]", following, maxsplit=1)[0]) or _PLACE.match(following):
            ends.append(match.start())
            break
    if ends:
        book = text[: min(ends)]
        if _SEPARATOR.search(book) and not _is_whole(book) and not is_abbreviated(book):
            return None
        return book
    return None if any(mark in text for mark in ",:;.") or len(text) < 4 else text


def _is_abbreviation(text: str, dot: int) -> bool:
    return text[dot] == "." and len(text[:dot].rpartition(" ")[2]) < 3


_PLACE = re.compile(r"[A-Z][^\W\d]{2,20}(?:[ ,-]{1,2}[A-Z][^\W\d]{1,20}){0,3}: [A-Z]")


def _is_whole(book: str) -> bool:
    """Whether the commas in a book's title belong to it: a list, or small letters after them."""
    pieces = _SEPARATOR.split(book)
    return ". " not in book and all(len(piece.split()) <= 6 for piece in pieces[1:])
