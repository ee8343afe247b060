"""DataCite's REST API, asked by DOI, without doing any input or output.

DOIs are asked for together, `/dois?ids=A,B&page[size]=N`: letter case does not matter to it, and
commas part the DOIs, so that one with a comma is asked for alone. What a list does not answer is
asked for alone too, `/dois/{doi}`: lists come from an index that lags behind by minutes
(https://support.datacite.org/docs/api-get-lists, and the service's own source, `find_by_ids`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from refman.crosswalk.datacite_answers import answer_from_resource, doi_of
from refman.crosswalk.web_answers import in_path
from refman.ports import Answer, Limit
from refman.sources.batched import BatchedSource
from refman.text.addresses import service_address

DEFAULT_URL = "https://api.datacite.org"

KIND = "datacite"
"""The kind of all its requests: single records and lists are counted together."""
POLITE = Limit(1000, 300.0, 3)
"""For a client with a contact address."""
PUBLIC = Limit(500, 300.0, 1)
"""For an anonymous one (https://support.datacite.org/docs/rate-limit)."""


class DataciteSource(BatchedSource):
    """The REST API at `base_url`; fulfils `refman.ports.WebSource`.

    `mailto` is the user's address, which doubles the number of requests that are granted.
    """

    name = "datacite"
    service = "DataCite"
    max_batch = 50  # The service would give up to 1,000 records.
    between = ","
    single_kind = list_kind = KIND
    accept = "application/vnd.api+json"
    envelope = "data"

    def __init__(self, base_url: str = DEFAULT_URL, mailto: str | None = None) -> None:
        super().__init__(base_url.rstrip("/") + "/dois")
        mail = f"&mailto={quote(mailto, safe='@')}" if mailto else ""
        self._options = f"affiliation=true{mail}"
        self._limit = POLITE if mailto else PUBLIC

    @property
    def limits(self) -> Mapping[str, Limit]:
        """Those of the service, which are for each client's address."""
        return {KIND: self._limit}

    def _list_url(self, dois: str, count: int) -> str:
        # Without the counts for a search page's filters a list is quicker.
        options = f"disable-facets=true&{self._options}"
        return f"{self._lists}?ids={dois}&page%5Bsize%5D={count}&{options}"

    def _single_url(self, doi: str) -> str:
        return f"{self._lists}/{in_path(doi)}?{self._options}"

    def _may_share(self, doi: str) -> bool:
        return "," not in doi

    def _items(self, content: Any) -> Any:
        return content

    def _doi_of(self, item: Any) -> str | None:
        return doi_of(item)

    def _found(self, doi: str, item: Any) -> Answer:
        return answer_from_resource(doi, item, self.name)


def open_source(settings: Mapping[str, str]) -> DataciteSource:
    """The source that the settings `datacite_url` and `mailto` describe; both may be missing.

    Raises `ConfigError` for a `datacite_url` that is no address of a service.
    """
    url = service_address(settings.get("datacite_url"), "REFMAN_DATACITE_URL", DEFAULT_URL)
    return DataciteSource(url, settings.get("mailto"))
