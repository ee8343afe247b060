"""Records as Crossref would hold them, made from references of which the DOI is known.

For `benchmarks.find_dois`. Two collections are read, both JSON Lines, packed or not:

- references of articles in PubMed Central with the fields that GROBID read from them
  (`reference`, `doi`, `atitle`, `firstAuthor`, `jtitle`, `volume`, `firstPage`), from
  biblio-glutton, Apache-2.0;
- references that Crossref made of its own records in eleven styles and states of decay (`style`,
  `ref_string`, `doi`), from reference-matching-evaluation, MIT.

The records themselves are not with them. Those of the first are made from the fields, the names
and the year in the text, with the journal's name written out where its words are known; those of
the second from the style that keeps all fields apart, and are never asked for in that style.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_YEAR = re.compile(r"(?<![\d-])(1[89]\d\d|20[0-2]\d)[a-z]?(?![\d-])")
_NAME = re.compile(
    r"\s*(?:and |& )?((?:(?:[a-z]{2,4}|[A-Z][a-z]+) ){0,2}[A-Z][\w'’-]+)[ ,]+"
    r"((?:[A-Z][.]?[- ]?){1,4})(?=[,.:;( &]|$)"
)
_PAGES = re.compile(r"([A-Za-z]{0,3}\d+)\s*[-–—]\s*([A-Za-z]{0,3}\d+)")
_TURNED = re.compile(r"-\s*\n\s*")
_WHOLE_WORDS = dict(
    pair.split("=")
    for pair in """
    J=Journal Am=American Soc=Society Assoc=Association Med=Medicine Biol=Biology Sci=Sciences
    Chem=Chemistry Biochem=Biochemistry Res=Research Rev=Reviews Int=International Eur=European
    Br=British Ann=Annals Annu=Annual Proc=Proceedings Natl=National Acad=Academy Clin=Clinical
    Exp=Experimental Mol=Molecular Genet=Genetics Immunol=Immunology Microbiol=Microbiology
    Physiol=Physiology Pharmacol=Pharmacology Ther=Therapeutics Surg=Surgery Pathol=Pathology
    Neurosci=Neuroscience Neurol=Neurology Psychol=Psychology Psychiatry=Psychiatry Oncol=Oncology
    Endocrinol=Endocrinology Gastroenterol=Gastroenterology Cardiol=Cardiology Radiol=Radiology
    Pediatr=Pediatrics Dermatol=Dermatology Ophthalmol=Ophthalmology Epidemiol=Epidemiology
    Infect=Infectious Dis=Diseases Environ=Environmental Ecol=Ecology Evol=Evolution Nat=Nature
    Appl=Applied Phys=Physics Lett=Letters Curr=Current Opin=Opinion Opt=Optics Acta=Acta
    Anal=Analytical Bioanal=Bioanalytical Bioinformatics=Bioinformatics Acids=Acids Nucleic=Nucleic
    Engl=England Dtsch=Deutsche Wochenschr=Wochenschrift Med.=Medicine Biol.=Biology J.=Journal
    Hum=Human Hepatol=Hepatology Nephrol=Nephrology Metab=Metabolism Nutr=Nutrition Cogn=Cognitive
    Commun=Communications Biophys=Biophysical Biomed=Biomedical Mater=Materials Eng=Engineering
    Bacteriol=Bacteriology Virol=Virology Trop=Tropical Hyg=Hygiene Vet=Veterinary Bot=Botany
    """.split()
)


def read_lines(path: Path) -> list[Json]:
    """The objects of a JSON Lines file, packed or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode()
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def record_of_fields(entry: Json) -> Json | None:
    """The record of a reference of the first collection; None where its fields are none."""
    text = _TURNED.sub("", entry["reference"]).replace("\n", " ")
    title = (entry.get("atitle") or "").strip()
    before, _, after = text.partition(title[:30]) if title else ("", "", text)
    year = _YEAR.search(before) or _YEAR.search(after[max(0, len(title) - 30) :])
    if not title or year is None:
        return None
    first = entry.get("firstPage")
    pages = [match for match in _PAGES.finditer(after) if match.group(1) == first]
    record: Json = {
        "DOI": entry["doi"].lower(),
        "type": "journal-article",
        "title": [title],
        "author": list(_names(before, entry.get("firstAuthor"))),
        "container-title": [written_out(entry["jtitle"])],
        "volume": entry.get("volume"),
        "page": pages[-1].group().replace("–", "-") if pages else first,
        "issued": {"date-parts": [[int(year.group(1))]]},
    }
    return {name: value for name, value in record.items() if value}


def _names(text: str, first: str | None) -> Iterator[Json]:
    names = [match.groups() for match in _NAME.finditer(text[:1500])]
    if first and not any(first in family for family, _ in names[:1]):
        names.insert(0, (first, ""))
    for family, given in names:
        yield {"family": family, **({"given": given.strip(" .,")} if given.strip() else {})}


def written_out(journal: str) -> str:
    """The name of a journal with the short words that are known in full."""
    words = [_WHOLE_WORDS.get(word, word) for word in journal.split()]
    if len(words) > 1 and words[0] == "Journal" and words[1] not in ("of", "American"):
        words.insert(1, "of")
    return " ".join(words)


def by_doi(lines: Iterable[Json]) -> dict[str, dict[str, str]]:
    """DOI -> style -> reference, of the second collection."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for line in lines:
        if not line["ref_string"]:
            continue
        found[line["doi"].lower()].setdefault(line["style"], line["ref_string"])
    return dict(found)


RICHEST = ("degraded_all_authors", "degraded_one_author")


def record_of_styles(doi: str, styles: dict[str, str]) -> Json | None:
    """The record of a work of the second collection; None where no style shows its fields."""
    text = next((styles[style] for style in RICHEST if style in styles), None)
    fields = text.rsplit(". ", 4) if text is not None else []
    if text is None or len(fields) != 5:
        return None
    year, volume, issue, page = (field.strip(" .") for field in fields[1:])
    people, _, rest = fields[0].partition(". ")
    while _goes_on(people, rest):
        more, _, rest = rest.partition(". ")
        people = f"{people}. {more}"
    title, container = _split(rest, styles)
    if not title or not year.isdigit():
        return None
    record: Json = {
        "DOI": doi,
        "type": "journal-article" if volume else "book-chapter" if page else "proceedings-article",
        "title": [title],
        "author": list(_people(people)),
        "container-title": [container] if container else None,
        "volume": volume,
        "issue": issue,
        "page": page,
        "issued": {"date-parts": [[int(year)]]},
    }
    if not container and not volume:
        record["type"] = "monograph"
    return {name: value for name, value in record.items() if value}


def _goes_on(people: str, rest: str) -> bool:
    """Whether the names were cut at an initial: `Boni, A` and `, Gasparini, L…`."""
    return rest.startswith((", ", ".,")) or bool(
        re.match(r"(?:[A-Z]\.? ?){1,3}(?:,|\. )", rest) and people
    )


def _people(text: str) -> Iterator[Json]:
    parts = [part.strip(" .") for part in text.split(", ")]
    for family, given in zip(parts[::2], [*parts[1::2], ""]):
        if family:
            yield {"family": family, **({"given": given} if given else {})}


def _split(rest: str, styles: dict[str, str]) -> tuple[str, str]:
    """Title and container, parted where another style shows the title's end, or at the last dot."""
    quoted = re.search("“(.+?)[.?!]?”", styles.get("chicago-author-date", ""))
    length = len(quoted.group(1)) if quoted else 0
    at = rest.find(". ", max(0, length - 2)) if length else rest.rfind(". ")
    if at < 0:
        return rest.strip(" ."), ""
    return rest[:at].strip(" ."), rest[at + 2 :].strip(" .")


def neighbours(record: Json, number: int) -> Json:
    """A record that is easily taken for another: one of five kinds, by number."""
    title, doi, people = record["title"][0], record["DOI"], record.get("author", [])
    year = record["issued"]["date-parts"][0][0]
    page = 100_000 + number
    made: Json = {**record, "DOI": f"{doi}.{number}", "page": f"{page}-{page + 7}"}
    kinds: list[Json] = [
        {"title": [f"Erratum: {title}"], "page": str(page)},
        {"title": [f"Comment on “{title}”"], "author": [{"family": "Querulous", "given": "Q"}]},
        {"title": [title], "type": "posted-content", "container-title": [], "volume": None,
         "page": None, "issued": {"date-parts": [[year - 1]]}},
        {"title": [f"{title}. Part II"], "page": f"{page}-{page + 9}"},
        {"title": [title], "type": "proceedings-article", "volume": None,
         "container-title": ["Proceedings of a Conference"], "author": people},
    ]  # fmt: skip
    made |= kinds[number % len(kinds)]
    return {name: value for name, value in made.items() if value}
