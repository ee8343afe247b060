"""Real input to begin from: the files of tests/data that an importer takes for its own."""

from __future__ import annotations

import gzip
import io
from functools import cache
from pathlib import Path

from pypdf import PdfWriter

from refman import plugins
from refman.model import Date, Description, Extra, Name, Work
from refman.ports import ExportOptions, Sample
from refman.text.reading import TextInput

DATA = Path(__file__).parents[1] / "data"
_LARGEST = 12_000
"""Bytes of a file that are used: an entry or some dozen of them."""
_SURE = 0.4
_SEEDS_OF_A_FORMAT = 8

WORK = Work(
    id=1,
    citation_key="dwi2021",
    description=Description(
        type="article-journal",
        title="Migrant workers & the <i>IOM</i>: 50% of {all} cases",
        author=(Name(family="Dwi", given="Rizkika"), Name(literal="World Health Organization")),
        container_title="Mediasi: Journal of International Relations",
        issued=Date(2021, 8, 15),
        volume="4",
        issue="2",
        page="123-130",
        DOI="10.21111/mediasi.v4i2.10036",
        ISSN=("2597-7741",),
        abstract="First paragraph.\n\nSecond, with a \\ and a ~.",
        keyword=("migration", "ASEAN"),
        extra=(Extra("bibtex", "private", "mine"), Extra("ris", "C8", "theirs")),
    ),
)

_MADE: dict[str, str] = {
    "html": (
        "<html><head><title>A page</title>\n"
        '<meta name="citation_title" content="A title"><meta name="citation_author" '
        'content="Dwi, R."><meta name="DC.identifier" content="10.1000/x">\n'
        '<script type="application/ld+json">{"@type": "ScholarlyArticle", "name": "A", "author": '
        '[{"@type": "Person", "name": "R. Dwi"}]}</script></head><body>\n'
        '<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft.atitle=A&amp;rft.date=2020">'
        "</span></body></html>\n"
    ),
    "text": (
        "[1] R. Dwi and A. Sari, “A title,” Mediasi, vol. 4, no. 2, pp. 123–130, Aug. 2021, "
        "doi: 10.21111/mediasi.v4i2.10036.\n"
        "Dwi, R., & Sari, A. (2021). A title: with a subtitle. Mediasi, 4(2), 123–130.\n"
        "1. Dwi R, Sari A. A title. Mediasi. 2021 Aug;4(2):123-30.\n"
    ),
    "doi-list": "10.1000/xyz\nhttps://doi.org/10.1000/ABC\ndoi:10.1000/(SICI)1-2\n",
    "refworks": "RT Journal Article\nSR Electronic(1)\nA1 Dwi,Rizkika\nT1 A title\nYR 2021\n\n",
    "pubmed-xml": (
        '<?xml version="1.0"?>\n<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID>'
        "<Article><Journal><Title>J</Title><JournalIssue><PubDate><Year>2020</Year></PubDate>"
        "</JournalIssue></Journal><ArticleTitle>A <i>title</i></ArticleTitle><AuthorList><Author>"
        "<LastName>Dwi</LastName><ForeName>R</ForeName></Author></AuthorList></Article>\n"
        "</MedlineCitation></PubmedArticle></PubmedArticleSet>\n"
    ),
    "crossref-xml": (
        '<?xml version="1.0"?>\n<doi_records><doi_record owner="10.1000"><crossref><journal>'
        "<journal_metadata><full_title>J</full_title></journal_metadata><journal_article>"
        '<titles><title>A title</title></titles><contributors><person_name sequence="first" '
        'contributor_role="author"><given_name>R</given_name><surname>Dwi</surname></person_name>'
        "</contributors><doi_data><doi>10.1000/x</doi></doi_data></journal_article></journal>\n"
        "</crossref></doi_record></doi_records>\n"
    ),
    "marcxml": (
        '<?xml version="1.0"?>\n<collection xmlns="http://www.loc.gov/MARC21/slim"><record>\n'
        '<leader>00000nam a2200000 a 4500</leader><controlfield tag="008">'
        "100601s2011    maua     b    001 0 eng  </controlfield>\n"
        '<datafield tag="100" ind1="1" ind2=" "><subfield code="a">West, Matthew.</subfield>'
        '</datafield>\n<datafield tag="245" ind1="1" ind2="0"><subfield code="a">A title :'
        '</subfield><subfield code="b">a subtitle /</subfield></datafield>\n'
        '<datafield tag="260" ind1=" " ind2=" "><subfield code="b">P</subfield></datafield>\n'
        "</record></collection>\n"
    ),
    "picaxml": (
        '<?xml version="1.0"?>\n<record xmlns="info:srw/schema/5/picaXML-v1.0">\n'
        '<datafield tag="002@"><subfield code="0">Aau</subfield></datafield>\n'
        '<datafield tag="003@"><subfield code="0">1</subfield></datafield>\n'
        '<datafield tag="011@"><subfield code="a">2011</subfield></datafield>\n'
        '<datafield tag="021A"><subfield code="a">A @title</subfield></datafield>\n'
        '<datafield tag="028A"><subfield code="d">Matthew</subfield><subfield code="a">West'
        "</subfield></datafield></record>\n"
    ),
    "zotero-rdf": (
        '<?xml version="1.0"?>\n<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns:z="http://www.zotero.org/namespaces/export#" '
        'xmlns:bib="http://purl.org/net/biblio#" xmlns:dc="http://purl.org/dc/elements/1.1/">\n'
        '<bib:Article rdf:about="#item_1"><z:itemType>journalArticle</z:itemType>'
        "<dc:title>A title</dc:title></bib:Article></rdf:RDF>\n"
    ),
}


def _pdf() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(72, 72)
    writer.add_metadata({"/Title": "A title", "/doi": "10.1000/xyz", "/Author": "R. Dwi"})
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def _cut(data: bytes) -> bytes:
    """The beginning of a file, to the end of a line where it has lines."""
    if len(data) <= _LARGEST:
        return data
    return data[: data.rfind(b"\n", 0, _LARGEST) + 1] or data[:_LARGEST]


@cache
def _files() -> tuple[tuple[str, bytes], ...]:
    found = []
    for path in sorted(DATA.rglob("*")):
        if path.is_file() and path.suffix not in (".db", ".md"):
            data = path.read_bytes()
            if path.suffix == ".gz":
                data = gzip.decompress(data)
            found.append((path.name.removesuffix(".gz"), _cut(data)))
    return tuple(found)


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    """What an importer is given to begin from, most telling first; never nothing."""
    importer = plugins.importer(name)
    sure = []
    for file, data in _files():
        source = TextInput(io.BytesIO(data), file)
        confidence = importer.recognise(Sample(file, source.head_text, source.head))
        if confidence >= _SURE:
            sure.append((-confidence, file, data))
    found = [data for _, _, data in sorted(sure)][:_SEEDS_OF_A_FORMAT]
    if name in _MADE:
        found.append(_MADE[name].encode())
    if name == "pdf":
        found.append(_pdf())
    if name in plugins.exporter_names() and not plugins.exporter(name).info.for_readers:
        pieces = plugins.exporter(name).write([WORK, WORK], ExportOptions())
        found.append("".join(piece for piece in pieces if isinstance(piece, str)).encode())
    return tuple(found) or (b"A title\n",)
