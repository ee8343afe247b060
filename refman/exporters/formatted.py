"""Formatted references: a list for readers, as a style of the CSL project has it.

`refman.crosswalk.bibliography` makes the references; `refman cite` prints the same. The works come
in the style's order. What a style does not show is no loss, for it is not meant to be read back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from refman.crosswalk.bibliography import Bibliography, CiteFormat
from refman.model import Work, without
from refman.ports import ExportOptions, FormatInfo, Loss
from refman.rules.citing_view import for_citing

_DEFAULT_STYLE = "apa"
_PAGE = """\
<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>References</title>
<style>
body {{ font: 1em/1.5 serif; margin: 2em auto; max-width: 42em; padding: 0 1em; }}
.csl-bib-body {{ list-style: none; padding: 0; }}
.csl-entry {{ margin: 0 0 .6em 2em; overflow-wrap: anywhere; text-indent: -2em; }}
</style>
</head>
<body>
<ul class="csl-bib-body">
"""
_END = "</ul>\n</body>\n</html>\n"


class FormattedExporter:
    """Writes formatted references; fulfils `refman.ports.Exporter`."""

    def __init__(self, info: FormatInfo, form: CiteFormat) -> None:
        self.info = info
        self._form = form

    def write(self, works: Iterable[Work], options: ExportOptions) -> Iterator[str | Loss]:
        """A reference a work. All works are taken before the first is written, to be sorted.

        Raises `UsageError` for a style or a locale that there is none of, `InputError` for the
        file of a style that is none.
        """
        shown = (self._shown(work, options) for work in works)
        style = options.style or _DEFAULT_STYLE
        listed = Bibliography(shown, style, self._form, options.locale)
        if self._form is CiteFormat.HTML:
            language = (options.locale or "en").partition("-")[0]
            yield _PAGE.format(language=escape(language))
        for work, reference in listed.references():
            yield self._entry(work, reference)
        if self._form is CiteFormat.HTML:
            yield _END

    def _shown(self, work: Work, options: ExportOptions) -> Work:
        work = for_citing(work, None, options.journals)
        if not options.omit:
            return work
        return Work(
            id=work.id,
            citation_key=work.citation_key,
            description=without(work.description, options.omit),
        )

    def _entry(self, work: Work, reference: str) -> str:
        if self._form is CiteFormat.HTML:
            key = escape(work.citation_key)
            return f'<li class="csl-entry" id="{key}">{reference}</li>\n'
        # An empty line makes a paragraph in Markdown, and room in plain text.
        return f"{reference}\n\n" if self._form is CiteFormat.MARKDOWN else f"{reference}\n"
