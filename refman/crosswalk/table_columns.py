"""What the columns of a table of references are called, by whoever made the table.

A header is compared without letter case, blanks and punctuation (`Publication Title`,
`publication_title`). Known are the names of Scopus, Web of Science (its long headers), Zotero,
JabRef, Embase, PubMed, IEEE Xplore, The Lens, Dimensions, Publish or Perish, Google Scholar,
Rayyan, Covidence, Retraction Watch, OpenAlex and rcrossref, CSL's variables under their own names,
and what people write by hand, in English and Indonesian.

A column's role is a field of `Description`, or one of the words in `ROLES` for what takes more
than one column or needs a closer look.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from refman.model import DATE_FIELDS, FIELDS, LIST_FIELDS, NAME_FIELDS, TEXT_FIELDS

MISSING = frozenset(
    (
        "na",
        "n/a",
        "#n/a",
        "nan",
        "none",
        "null",
        "nil",
        "-",
        "--",
        "[]",
        "character(0)",
        "undefined",
    )
)
"""What spreadsheets and programs write for nothing, in lower case."""

_NAMES = """
title                 title; articletitle; documenttitle; papertitle; worktitle; displayname;
                      judul; judulartikel; judulpenelitian; judulbuku; judultulisan; namaartikel;
                      bibtextitle; ti; primarytitle; titel; titre; título; títulodoartigo;
                      títulodelartículo; titolo
title_other           originaltitle; titleoriginal; juduldalambahasainggris; judulinggris;
                      titleenglish; translatedtitle
title_short           shorttitle; judulsingkat
author                authors; author; authornames; authorfullnames; authorfullname;
                      authorsfullname; creator; creators; authorlist; penulis; pengarang;
                      namapenulis; namapengarang; parapenulis; peneliti; au; authornamesfull;
                      authorshipsauthordisplayname; authorshipsrawauthorname; autor; autoren;
                      auteur; auteurs; writer; autores; autori; autore; autora
editor                editors; editor; bookeditors; penyunting; namaeditor; proceedingseditors
container_title       journal; journaltitle; journalname; sourcetitle; publicationtitle;
                      publicationname; booktitle; containertitle; venue; jurnal; namajurnal;
                      namaterbitan; terbitan; periodical; publicationsource;
                      primarylocationsourcedisplayname; hostvenue; journalbook; secondarytitle;
                      fulljournalname; proceedingstitle; anthologytitle; publication; zeitschrift;
                      revue; prosiding; namaprosiding; sumber; booktitleproceedings;
                      journalbooktitle; sourcepublication; pubtitle; revista; rivista;
                      títulodarevista; títulodelarevista; tijdschrift
source                source; database; librarycatalog; provider; databaseprovider; sourcedatabase
container_title_short journalabbreviation; abbreviatedsourcetitle; abbreviatedjournal;
                      journalisoabbreviation; journalabbrev; isoabbreviation; shortjournal;
                      containertitleshort; isosourceabbreviation; shortcontainertitle;
                      abbreviatedtitle; singkatanjurnal
collection_title      series; seriestitle; bookseriestitle; collectiontitle; seri
collection_number     seriesnumber; collectionnumber; nomorseri
issued                date; issued; publicationdate; datepublished; publisheddate; pubdate;
                      coverdate; tanggal; tanggalterbit; tanggalpublikasi; originalpaperdate;
                      issuedate; datepublication; entrydate; dateofpublication;
                      publicationdateprint
year                  year; publicationyear; pubyear; publishedyear; tahun; tahunterbit; py;
                      yearpublished; jahr; annee; tahunpublikasi; publishyear; yr;
                      copyrightyear; ano; añodepublicación; anodepublicação; anno; jaar
month                 month; publishedmonth; bulan; publicationmonth; bulanterbit
day                   day; publishedday; publicationday
published_online      publicationdateonline; onlinedate; earlyaccessdate; publishedonline;
                      firstonline
published_print       publishedprint
volume                volume; vol; bibliovolume; jilid; volumenumber; vl; band; volumen; tomo
issue                 issue; issuenumber; issueno; no; nomor; biblioissue; nomorterbitan;
                      edisiterbitan; iss; nr; heft; fascicolo; fascículo; numéro; aflevering
number                number; articlenumber; artno; artnumber; articleno; nomorartikel;
                      elocationid; reportnumber; patentnumber; accessionnumberreport
page                  pages; page; pagination; pagerange; halaman; hal; pagenumbers; hlm; pp;
                      seiten; páginas; pagine; paginas; paginazione
page_first            pagestart; startpage; firstpage; bibliofirstpage; halamanawal; beginningpage;
                      startingpage
page_last             pageend; endpage; lastpage; bibliolastpage; halamanakhir; endingpage
number_of_pages       numpages; pagecount; numberofpages; jumlahhalaman; noofpages; totalpages
number_of_volumes     numberofvolumes; numvolumes
edition               edition; edisi; cetakan
publisher             publisher; penerbit; publishername; verlag; editorial; imprint; editora;
                      editore; éditeur; uitgever
publisher_place       place; publishercity; placeofpublication; address; city; location; kota;
                      kotaterbit; tempatterbit; publisherplace; publisherlocation
DOI                   doi; dois; doilink; doiurl; digitalobjectidentifier; originalpaperdoi;
                      articledoi; tautandoi; doinumber; linkdoi
book_DOI              bookdoi
serial                issn; issns; eissn; pissn; issnonline; issnprint; isbn; isbns; eisbn; issnl;
                      printissn; onlineissn; electronicissn; isbn10; isbn13; issnisbn;
                      primarylocationsourceissn; issnnumber; bookisbn
PMID                  pmid; pubmedid; originalpaperpubmedid; medlinepmid; pubmed
PMCID                 pmcid; pmcidnumber; pubmedcentralid; pmc
arXiv                 arxiv; arxivid; arxivnumber; eprint
URL                   url; link; articleurl; doclink; permalink; tautan; alamat; alamatweb;
                      urlartikel; linkartikel; externalurl; sourceurl;
                      primarylocationlandingpageurl; landingpageurl; uri; website; web
other_URL             fulltexturl; pdflink; pdfurl; citesurl; relatedurl; sourceurls; openurllink;
                      urls; citationurl; webofsciencerecord
abstract              abstract; abstractnote; abstracttext; abstrak; summary; ringkasan; intisari;
                      ab; description; resumen; resumo; résumé; riassunto; zusammenfassung
keyword               keywords; keyword; authorkeywords; authorskeywords; tags; manualtags;
                      automatictags; katakunci; tag; keywordsauthor; kw; subjects; kunci; usertags;
                      palabrasclave; palavraschave; motsclés; parolechiave; schlagwörter;
                      trefwoorden
index_keyword         indexkeywords; keywordsplus; meshterms; ieeeterms; meshheadings; subject;
                      subjectterms
language              language; languageoforiginaldocument; bahasa; lang; languages;
                      originallanguage; sprache; idioma; langue; lingua; taal
note                  notes; note; extra; catatan; keterangan; comments; comment; remarks;
                      komentar
type                  type; itemtype; documenttype; publicationtype; bibliographytype; articletype;
                      jenis; jenisdokumen; tipe; reftype; entrytype; referencetype; jenisartikel;
                      resourcetype; crossreftype; doctype; genretype
genre                 genre; thesistype; reporttype; jenistugasakhir
event_title           conferencename; conferencetitle; meetingname; conference; konferensi;
                      namakonferensi; eventtitle; seminar; event
event_place           conferencelocation; meetingplace; eventplace; tempatkonferensi
event_date            conferencedate; meetingdate; eventdate
citation_key          citationkey; citekey; bibtexkey; key; bibtexid; citationid; kuncisitasi;
                      customcitationkey
citation              citation; sourcecitation; fullcitation
accessed              accessdate; accessed; dateaccessed; tanggalakses; urldate; diakses
license               license; licence; lisensi; bestoalocationlicense
section               section
call_number           callnumber; nomorpanggil
archive               archive
archive_location      archivelocation; locinarchive
version               version; versi
medium                medium
scale                 scale
translator            translator; translators; penerjemah
collection_editor     serieseditor; serieseditors
institution           school; university; universitas; perguruantinggi; institution; institusi;
                      thesisuniversity
updates               updates
relations             relations
is_retracted          isretracted; retracted
retraction_DOI        retractiondoi
retraction_date       retractiondate
retraction_nature     retractionnature
"""
"""Each line, a role and the names that mean it."""

_NEVER = frozenset(("extra", "references", "status", "dimensions", "division", "authority"))
"""Fields whose names mean something else in most tables: a column so called is kept as it is."""
_SHORT = frozenset(("ti", "au", "py", "vl", "ab", "kw", "no", "web", "nr", "yr", "pp"))
"""Names that say too little for recognising a table by them."""

_CONTENT = frozenset(
    (
        "title", "author", "container_title", "issued", "year", "volume", "issue", "page",
        "page_first", "publisher", "DOI", "serial", "PMID", "abstract", "keyword", "editor",
        "event_title", "type", "URL", "citation_key", "source",
    )
)  # fmt: skip
"""Roles that promise something bibliographic."""


def _key(header: str) -> str:
    """A header without letter case, accents, blanks and punctuation."""
    folded = unicodedata.normalize("NFKD", header.casefold())
    return "".join(char for char in folded if char.isalnum())


def _roles() -> dict[str, str]:
    found = {_key(field): field for field in FIELDS if field not in _NEVER}
    found["issn"] = found["isbn"] = "serial"
    role = ""
    for line in _NAMES.strip().splitlines():
        names = line
        if not line.startswith(" "):
            role, _, names = line.partition(" ")
        for name in filter(None, names.split(";")):
            found[_key(name)] = role
    return found


_ROLE_OF = _roles()


_OWN = frozenset((*FIELDS, "citation_key", "year", "is_retracted"))
"""What columns of our own are called."""


class Column(NamedTuple):
    """A column: where it stands, what it is called and what it means, if that is known."""

    place: int
    header: str
    role: str | None


class Dialect(StrEnum):
    """Who made a table, where that changes what its columns mean."""

    PLAIN = "plain"
    OWN = "refman"
    ZOTERO = "zotero"
    RETRACTION_WATCH = "retraction-watch"


class Columns(NamedTuple):
    """The columns of a table, in the order in which they are asked, and who made it."""

    columns: tuple[Column, ...]
    dialect: Dialect


def role_of(header: str) -> str | None:
    """What a column of that name holds; None where that is not known."""
    return _ROLE_OF.get(_key(header)) if len(header) <= 80 else None


def columns_from_header(cells: Sequence[str]) -> Columns:
    """What the columns of a table mean, by its header.

    Of two that mean the same the better is first: names in full before names with initials.
    """
    columns = [
        Column(place, header.strip() or f"column_{place + 1}", role_of(header))
        for place, header in enumerate(cells)
    ]
    keys = {_key(column.header) for column in columns}
    roles = {column.role for column in columns}
    if _is_own({column.header for column in columns}):
        return Columns(tuple(columns), Dialect.OWN)
    dialect = Dialect.PLAIN
    if {"itemtype", "abstractnote"} <= keys:
        dialect = Dialect.ZOTERO
    elif {"originalpaperdoi", "retractionnature"} <= keys:
        dialect = Dialect.RETRACTION_WATCH
    meant = (column._replace(role=_meant(column, keys, roles, dialect)) for column in columns)
    ordered = sorted(meant, key=lambda column: (_rank(_key(column.header)), column.place))
    return Columns(tuple(ordered), dialect)


def _is_own(headers: set[str]) -> bool:
    """Whether a table is one of ours: all of an export's columns, or some and no others."""
    known = headers <= _OWN or "container_title" in headers
    return "citation_key" in headers and len(headers) > 1 and known


def _meant(column: Column, keys: set[str], roles: set[str | None], dialect: Dialect) -> str | None:
    """The role of a column in the company of the others."""
    key = _key(column.header)
    if key in ("source", "sumber") and "container_title" not in roles - {"source"}:
        return "container_title"
    if key == "number" and "volume" in roles and "issue" not in roles:
        return "issue"
    if key == "key" and dialect is Dialect.ZOTERO:
        return None
    if key == "type" and dialect is Dialect.ZOTERO:
        return "genre"
    if key == "subject" and dialect is Dialect.RETRACTION_WATCH:
        return None
    if key == "notes" and dialect is Dialect.RETRACTION_WATCH:
        return None
    if key == "publicationdate" and "pubyear" in keys:
        return "issued"
    return column.role


def _rank(key: str) -> int:
    """Which of several columns with one role is asked first."""
    if key in ("authorfullnames", "authorfullname", "fulljournalname"):
        return 0
    return 2 if key in ("doilink", "publicationsource", "authorshipsrawauthorname") else 1


def promise(cells: Iterable[str]) -> tuple[int, bool, bool]:
    """What a header promises.

    How many columns of different meaning it names, and whether a title and a DOI are among them.
    """
    found = {
        role for cell in cells if _key(cell) not in _SHORT and (role := role_of(cell)) in _CONTENT
    }
    return len(found), "title" in found, "DOI" in found


TEXT_ROLES = TEXT_FIELDS
DATE_ROLES = DATE_FIELDS
NAME_ROLES = NAME_FIELDS
LIST_ROLES = LIST_FIELDS
