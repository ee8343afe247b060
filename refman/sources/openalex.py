"""OpenAlex, asked by DOI for what others lack, without doing any input or output.

DOIs are asked for together, `/works?filter=doi:A|B&per-page=N`, up to 100 in a URL of less than
4,094 characters. A DOI with a comma, a bar, an exclamation or a quotation mark would be taken for
a filter's own sign, so it is asked for alone, `/works/doi:{doi}`
(https://developers.openalex.org/api-reference/authentication, …/errors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from refman.crosswalk.openalex import SELECTED
from refman.crosswalk.openalex_answers import answer_from_work, doi_of
from refman.crosswalk.web_answers import ABSENT, in_path
from refman.ports import Answer, Limit, Request, Response
from refman.sources.batched import BatchedSource
from refman.text.addresses import service_address

DEFAULT_URL = "https://api.openalex.org"

KIND = "openalex"
"""The kind of all its requests."""
LIMIT = Limit(10, 1.0, 3)
"""The service would serve 100 a second; what a day's lists may cost is the limit (1,000 of them
without a key, 10,000 with a free one)."""

_IS_A_SIGN = re.compile(r"[,|!\"<>]")
_NO_WORK = b"The requested URL was not found on the server"
"""In the page with which the service says that it has no work of that DOI."""


class OpenAlexSource(BatchedSource):
    """The API at `base_url`; fulfils `refman.ports.WebSource`.

    `api_key` is the user's key, with which ten times as much is free; `mailto` the address.
    """

    name = "openalex"
    supplement = True
    service = "OpenAlex"
    noun = "work"
    max_batch = 100
    between = "%7C"
    single_kind = list_kind = KIND

    def __init__(
        self, base_url: str = DEFAULT_URL, mailto: str | None = None, api_key: str | None = None
    ) -> None:
        super().__init__(base_url.rstrip("/") + "/works")
        options = [f"select={','.join(SELECTED)}"]
        if mailto:
            options.append(f"mailto={quote(mailto, safe='@')}")
        if api_key:
            options.append(f"api_key={quote(api_key, safe='')}")
        self._options = "&".join(options)

    @property
    def limits(self) -> Mapping[str, Limit]:
        """Fewer than the service allows, for fairness."""
        return {KIND: LIMIT}

    def _list_url(self, dois: str, count: int) -> str:
        # A DOI that two works claim comes twice, so that there is room for some more.
        size = min(self.max_batch, count + count // 5 + 1)
        return f"{self._lists}?filter=doi:{dois}&per-page={size}&{self._options}"

    def _single_url(self, doi: str) -> str:
        return f"{self._lists}/doi:{in_path(doi)}?{self._options}"

    def _may_share(self, doi: str) -> bool:
        return _IS_A_SIGN.search(doi) is None

    def _items(self, content: Any) -> Any:
        return content.get("results") if isinstance(content, Mapping) else None

    def _doi_of(self, item: Any) -> str | None:
        return doi_of(item)

    def _found(self, doi: str, item: Any) -> Answer:
        return answer_from_work(doi, item, self.name)

    def _absent(self, doi: str, response: Response) -> Answer | None:
        if response.status in ABSENT and _NO_WORK in response.body:
            return self._not_held(doi)
        return super()._absent(doi, response)

    def _unlisted(self, dois: Sequence[str], content: Any) -> Iterator[Answer | Request]:
        """What a whole list does not hold is not found."""
        if _is_whole(content):
            return map(self._not_held, dois)
        return super()._unlisted(dois, content)


def open_source(settings: Mapping[str, str]) -> OpenAlexSource:
    """The source that `openalex_url`, `mailto` and `openalex_api_key` describe; all may be missing.

    Raises `ConfigError` for an `openalex_url` that is no address of a service.
    """
    url = service_address(settings.get("openalex_url"), "REFMAN_OPENALEX_URL", DEFAULT_URL)
    return OpenAlexSource(url, settings.get("mailto"), settings.get("openalex_api_key"))


def _is_whole(answer: Mapping[str, Any]) -> bool:
    """Whether a list holds all works that the service found."""
    meta = answer.get("meta")
    count = meta.get("count") if isinstance(meta, dict) else None
    return isinstance(count, int) and count <= len(answer["results"])
