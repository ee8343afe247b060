"""The citations in Markdown (of pandoc, Quarto, R Markdown, MyST), notebooks, Org and reST.

Code, comments and addresses cite nothing. In Markdown a key is what pandoc takes for one: letters,
digits and `_`, with single signs of punctuation inside; anything between `@{` and `}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from refman.text.citations import Citation, Cited, CitesAll, Included

_MARKDOWN = re.compile(
    r"(?<![\w.\\@/])@(?:\{([^{}\s]{1,250})\}|(\*)|(\w(?:\w|[:.#$%&+?<>~/-](?=\w)){0,250}))"
)
_TEX = re.compile(
    r"\\[A-Za-z]{0,20}[cC]ite[A-Za-z]{0,20}\*?(?:\[[^\[\]]{0,400}\]){0,2}\{([^{}\\#%]{1,2000})\}"
)
"""A command of LaTeX, which R Markdown and pandoc pass on."""
_ROLE = re.compile(r"(?<!`)\{(?:foot)?(?:full)?cite(?::[a-z]{1,20}){0,2}\}`([^`]{1,2000})`")
_RST_ROLE = re.compile(r":(?:foot)?(?:full)?cite(?::[a-z]{1,20}){0,2}:`([^`]{1,2000})`")
_ASIDE = re.compile(r"\{[^{}]{0,400}\}")
_ADDRESS = re.compile(
    r"\]\([^()\s]{0,2000}(?:\([^()\s]{0,2000}\))?[^()]{0,400}\)|<?https?://[^\s<>]{1,2000}>?"
)
_FENCE = re.compile(r" {0,3}(?:> ?){0,4}(`{3,}|~{3,})")
_TICKS = re.compile(r"`+")
_QUARTO_INCLUDE = re.compile(r"\{\{<\s{0,8}include\s{1,8}([^\s<>]{1,400})\s{0,8}>\}\}")
_CROSS_REFERENCE = re.compile(r"(?:fig|eq|tbl|lst|sec):")
"""What pandoc-crossref numbers."""
_QUARTO_REFERENCE = re.compile(
    r"(?:fig|tbl|lst|sec|eq|tip|nte|wrn|imp|cau|thm|lem|cor|prp|cnj|def|exm|exr|sol|rem|alg|apx)-"
)
_EXAMPLE = re.compile(r"^ {0,3}\(@([\w-]{1,100})\)[ \t]", re.MULTILINE)
"""A numbered example of pandoc's, which is referred to as if it were cited."""
_NOCITE = re.compile(r"nocite\s{0,8}:")
_DATA_CITE = re.compile(r"<cite\s{1,8}data-cite\s{0,4}=\s{0,4}[\"']([^\"'<>]{1,400})[\"']")

_ORG_CITE = re.compile(r"\[cite(?:/[\w/*-]{1,40})?:([^\[\]]{1,4000})\]", re.IGNORECASE)
_ORG_KEY = re.compile(r"@([^\s;,@\[\]]{1,250})")
_ORG_REF = re.compile(r"(?<![\w/@:])(?:no|auto|foot|text|paren)?[Cc]ite[A-Za-z]{0,20}\*?:(?!/)")
_ORG_REF_KEYS = re.compile(r"[\w:.+/*-]{1,250}(?:,[\w:.+/*-]{1,250}){0,100}")
_ORG_REF_3 = re.compile(r"&([\w:.+/-]{1,250})")
_ORG_HIDDEN = re.compile(
    r"(?:^|(?<=[\s(]))([=~])(?=\S)[^\n]{1,400}?(?<=\S)\1(?=[\s.,;:)!?]|$)", re.MULTILINE
)
_ORG_INCLUDE = re.compile(r"#\+include:\s{0,8}\"?([^\s\"]{1,400})", re.IGNORECASE)
_LONGEST_LINK = 4000
_RST_INCLUDE = re.compile(r"\.\. include::\s{1,8}(\S{1,400})")


def markdown_citations(text: str, *, quarto: bool = False) -> Iterator[Citation]:
    """What a text in Markdown cites and includes, in order."""
    head, body = _front_matter(text)
    yield from _in_text(_nocite(head), quarto=quarto)
    yield from _in_text(_without_code(_without_comments(body)), quarto=quarto)


def notebook_citations(text: str) -> Iterator[Citation]:
    """What the text cells of a Jupyter notebook cite. Raises `ValueError` for no notebook."""
    notebook = json.loads(text)
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("it has no cells")
    for cell in cells:
        if isinstance(cell, dict) and cell.get("cell_type") == "markdown":
            source = cell.get("source")
            pieces = source if isinstance(source, list) else [source]
            yield from markdown_citations("".join(str(piece) for piece in pieces))


def org_citations(text: str) -> Iterator[Citation]:
    """What an Org file cites, by Org's own citations or org-ref's links, and includes."""
    hidden = ""
    paragraph: list[str] = []
    for line in [*text.split("\n"), ""]:
        bare = line.strip().lower()
        if hidden:
            hidden = "" if bare.startswith(hidden) else hidden
        elif bare.startswith(("#+begin_src", "#+begin_example", "#+begin_comment")):
            hidden = "#+end_" + bare[8:].split()[0]
        elif bare.startswith(("# ", ": ")) or bare == "#":
            continue
        elif bare and not bare.startswith("#+include"):
            paragraph.append(_ORG_HIDDEN.sub("", line))
            continue
        # A citation may go over the end of a line, but not of a paragraph.
        yield from _in_org("\n".join(paragraph))
        paragraph = []
        if (include := _ORG_INCLUDE.match(line.strip())) is not None:
            yield Included(include.group(1))


def rst_citations(text: str) -> Iterator[Citation]:
    """What a text in reStructuredText cites by the roles of sphinxcontrib-bibtex, and includes."""
    for line in text.split("\n"):
        if (include := _RST_INCLUDE.match(line.strip())) is not None:
            yield Included(include.group(1))
    for role in _RST_ROLE.finditer(text):
        yield from _listed(role.group(1))


def without_code_spans(text: str) -> str:
    """The text without what stands between equal runs of backquotes."""
    runs = list(_TICKS.finditer(text))
    later: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        later.setdefault(len(runs[place].group()), []).append(place)
    kept: list[str] = []
    position = 0
    for run in runs:
        same = later[len(run.group())]
        same.pop()
        if run.start() < position or not same:
            continue
        kept.append(text[position : run.start()])
        position = runs[same[-1]].end()
    return "".join([*kept, text[position:]])


def _front_matter(text: str) -> tuple[str, str]:
    """The head in YAML, if there is one, and the rest."""
    if not text.startswith("---\n"):
        return "", text
    for mark in ("\n---\n", "\n...\n"):
        end = text.find(mark, 3)
        if end >= 0:
            return text[4:end], text[end + 5 :]
    return "", text


def _nocite(head: str) -> str:
    """What a head says is to be listed though it is not cited."""
    kept: list[str] = []
    inside = False
    for line in head.split("\n"):
        if not line[:1].isspace() and line.strip():
            inside = _NOCITE.match(line) is not None
        if inside:
            kept.append(line)
    return "\n".join(kept)


def _in_text(text: str, *, quarto: bool) -> Iterator[Citation]:
    found: list[tuple[int, Citation]] = []
    for role in _ROLE.finditer(text):
        found += [(role.start(), cited) for cited in _listed(role.group(1))]
    for command in _TEX.finditer(text):
        found += [(command.start(), cited) for cited in _listed(command.group(1))]
    for data in _DATA_CITE.finditer(text):
        found.append((data.start(), Cited(data.group(1).strip())))
    if quarto:
        found += [(m.start(), Included(m.group(1))) for m in _QUARTO_INCLUDE.finditer(text)]
    examples = set(_EXAMPLE.findall(text))
    for match in _MARKDOWN.finditer(_blanked(text)):
        key = match.group(1) or match.group(2) or match.group(3)
        if key == "*":
            found.append((match.start(), CitesAll()))
        elif (
            key not in examples
            and not (quarto and _QUARTO_REFERENCE.match(key))
            and not _CROSS_REFERENCE.match(key)
        ):
            found.append((match.start(), Cited(key)))
    for _, citation in sorted(found, key=lambda each: each[0]):
        yield citation


def _blanked(text: str) -> str:
    """The text with blanks in place of addresses and roles, so that all else stays in place."""
    for pattern in (_ROLE, _ADDRESS):
        text = pattern.sub(lambda match: " " * len(match.group()), text)
    return text


def _listed(keys: str) -> Iterator[Citation]:
    for key in _ASIDE.sub("", keys).split(","):
        if key.strip():
            yield CitesAll() if key.strip() == "*" else Cited(key.strip())


def _without_comments(text: str) -> str:
    kept: list[str] = []
    position = 0
    while (start := text.find("<!--", position)) >= 0:
        kept.append(text[position:start])
        end = text.find("-->", start + 4)
        if end < 0:
            return "".join(kept)
        position = end + 3
    return "".join([*kept, text[position:]])


def _without_code(text: str) -> str:
    """Markdown without its fenced blocks and spans of code, but with roles that cite."""
    kept: list[str] = []
    paragraph: list[str] = []
    fence = ""
    for line in [*text.split("\n"), ""]:
        mark = _FENCE.match(line)
        if fence:
            if (
                mark is not None
                and mark.group(1).startswith(fence)
                and not line[mark.end() :].strip()
            ):
                fence = ""
        elif mark is not None and ("`" not in line[mark.end() :] or mark.group(1)[0] == "~"):
            fence = mark.group(1)
        elif line.strip():
            paragraph.append(line)
            continue
        # A span of code does not reach over the end of its paragraph.
        kept.append(_outside_spans("\n".join(paragraph)))
        paragraph = []
    return "\n\n".join(kept)


def _outside_spans(text: str) -> str:
    if "`" not in text:
        return text
    pieces: list[str] = []
    position = 0
    for role in _ROLE.finditer(text):
        pieces += [without_code_spans(text[position : role.start()]), role.group()]
        position = role.end()
    return "".join([*pieces, without_code_spans(text[position:])])


def _in_org(line: str) -> Iterator[Citation]:
    for cite in _ORG_CITE.finditer(line):
        for key in _ORG_KEY.findall(cite.group(1)):
            yield CitesAll() if key == "*" else Cited(key)
    line = _ORG_CITE.sub("", line)
    for link in _ORG_REF.finditer(line):
        behind = line[link.end() : link.end() + _LONGEST_LINK]
        if behind.startswith("&") or line.startswith("[[", max(link.start() - 2, 0)):
            found = _ORG_REF_3.findall(behind.partition("]]")[0])
        else:
            found = []
        if not found:
            keys = _ORG_REF_KEYS.match(behind)
            found = [] if keys is None else keys.group().split(",")
        for key in found:
            yield CitesAll() if key == "*" else Cited(key.rstrip(".:"))
