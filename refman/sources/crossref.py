"""Crossref's REST API, asked by DOI, without doing any input or output.

DOIs are asked for together, `/works?filter=doi:A,doi:B&rows=N`: the filter may be repeated and then
means "or". Its limits: a request line of 4,096 bytes, 20 rows unless `rows` says more, one
malformed DOI spoils the whole request, commas separate filters, and lists hold no aliases. So what
a list does not answer, and what cannot stand in one, is asked for alone, `/works/{doi}`, where an
alias answers with a redirect (https://www.crossref.org/documentation/retrieve-metadata/rest-api/).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

from refman.crosswalk.crossref_answers import answer_from_message, doi_of
from refman.crosswalk.web_answers import in_path, said_in, same_doi
from refman.ports import Answer, Response
from refman.sources.batched import BatchedSource
from refman.text.addresses import service_address

DEFAULT_URL = "https://api.crossref.org"

_IN_A_LIST = re.compile(r"10\.\d{4,}/\S+", re.ASCII)
_SPLITS_A_LIST = re.compile("[,%]")


class CrossrefSource(BatchedSource):
    """The REST API at `base_url`; fulfils `refman.ports.WebSource`.

    `mailto` is the user's address, which gives access to the "polite" pool. Kinds of request are
    Crossref's own: `single` and `array`. How fast to ask, and what to do about 429 and 5xx, is
    the driver's business.
    """

    name = "crossref"
    service = "Crossref"
    max_batch = 50
    between = ",doi:"
    single_kind = "single"
    list_kind = "array"
    envelope = "message"

    def __init__(self, base_url: str = DEFAULT_URL, mailto: str | None = None) -> None:
        super().__init__(base_url.rstrip("/") + "/works")
        self._mailto = f"mailto={quote(mailto, safe='@')}" if mailto else ""

    def _list_url(self, dois: str, count: int) -> str:
        url = f"{self._lists}?filter=doi:{dois}&rows={count}"
        return f"{url}&{self._mailto}" if self._mailto else url

    def _single_url(self, doi: str) -> str:
        url = f"{self._lists}/{in_path(doi, safe='')}"
        return f"{url}?{self._mailto}" if self._mailto else url

    def _may_share(self, doi: str) -> bool:
        return _IN_A_LIST.fullmatch(doi) is not None and _SPLITS_A_LIST.search(doi) is None

    def _items(self, content: Any) -> Any:
        return content.get("items") if isinstance(content, Mapping) else None

    def _doi_of(self, item: Any) -> str | None:
        return doi_of(item)

    def _found(self, doi: str, item: Any) -> Answer:
        return answer_from_message(doi, item, self.name)

    def _content(self, response: Response) -> tuple[Any, str | None]:
        message, trouble = super()._content(response)
        if isinstance(message, list):
            return None, f"Crossref found fault with the question: {said_in(response.body)}"
        return message, trouble

    def _absent(self, doi: str, response: Response) -> Answer | None:
        """A 404 is Crossref's word for an unknown DOI, if it is Crossref that says it."""
        if response.status == HTTPStatus.BAD_REQUEST and b"doi-not-valid" in response.body:
            said = said_in(response.body)
            return Answer.not_found(doi, f"Crossref takes it for no DOI: {said}")
        if response.status != HTTPStatus.NOT_FOUND:
            return None
        if b"route-not-found" in response.body[:1000]:
            return Answer.failed(doi, "there is no such route; is that address Crossref's?")
        return super()._absent(doi, response)

    def _may_be_alias(self, doi: str, response: Response) -> bool:
        """Unless the response is to the URL of this DOI itself, and so no redirect from there."""
        try:
            path = urlsplit(response.url).path
        except ValueError:
            return True
        return not response.url or not same_doi(path.partition("/works/")[2], doi)


def open_source(settings: Mapping[str, str]) -> CrossrefSource:
    """The source that the settings `crossref_url` and `mailto` describe; both may be missing.

    Raises `ConfigError` for a `crossref_url` that is no address of a service.
    """
    url = service_address(settings.get("crossref_url"), "REFMAN_CROSSREF_URL", DEFAULT_URL)
    return CrossrefSource(url, settings.get("mailto"))
