"""What services on the web have in common that give lists of records, and single ones.

A list is asked for at an address, `/works?…`, and a single record below it, `/works/{doi}`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from refman.crosswalk.web_answers import (
    ABSENT,
    MAX_URL,
    TOO_MUCH_AT_ONCE,
    batches,
    in_path,
    is_web_page,
    json_of,
    parsed,
    same_doi,
    spellings,
    wrong_address,
)
from refman.model.identifier import doi_key
from refman.ports import Answer, Request, Response
from refman.text.addresses import shown


class BatchedSource(ABC):
    """A service with lists and single records; fulfils `refman.ports.WebSource`.

    What is a service's own, it says in the attributes and the methods at the end. There, the
    `content` of an answer is its JSON, or what is in the JSON's `envelope`.
    """

    name: str
    """As on the command line: `crossref`."""
    supplement = False
    """Whether it is asked for every DOI, and not only for what those before it do not hold."""

    service: str
    """As people call it: `Crossref`."""
    noun = "record"
    """What it calls what it has of a DOI, for messages."""
    max_batch: int
    """DOIs in one list request."""
    between: str
    """What parts two DOIs in a list's URL, as it stands there."""
    single_kind: str
    list_kind: str
    """Kinds of request (`Request.kind`)."""
    accept = "application/json"
    """The media type that is asked for."""
    envelope: str | None = None
    """The key under which its JSON has what was asked for."""

    def __init__(self, lists: str) -> None:
        """`lists` is the address of lists."""
        self._lists = lists

    def requests(self, dois: Sequence[str]) -> Iterator[Request]:
        """Lists of up to `max_batch` DOIs, and requests for one; each DOI in exactly one.

        Spellings of one DOI that differ in letter case only are asked for once.
        """
        room = MAX_URL - len(self._list_url("", self.max_batch))
        together = []
        for same in spellings(dois):
            if self._may_share(same[0]) and len(in_path(same[0])) <= room // 2:
                together.append(same)
            else:
                yield self._single(same)
        for batch in batches(together, self.max_batch, room, len(self.between)):
            yield self._list(batch) if len(batch) > 1 else self._single(batch[0])

    def read(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        """What a response says about each DOI of its request.

        A list leaves a further request for every DOI it does not hold, unless the service knows
        that it has none. Whatever else is wrong with a response makes answers that say so; it
        raises nothing.
        """
        if request.url.partition("?")[0] == self._lists:
            yield from self._read_list(request, response)
        else:
            for doi in request.dois:
                yield self._read_single(doi, response)

    def restore(self, doi: str, payload: bytes) -> Answer:
        """The answer that a kept record gives."""
        kept = parsed(payload)
        if self._doi_of(kept) is None:
            return Answer.failed(doi, "the kept answer cannot be read")
        return self._found(doi, kept)

    # Requests

    def _list(self, batch: Sequence[Sequence[str]]) -> Request:
        url = self._list_url(self.between.join(in_path(same[0]) for same in batch), len(batch))
        return self._request(url, [doi for same in batch for doi in same], self.list_kind)

    def _single(self, same: Sequence[str]) -> Request:
        return self._request(self._single_url(same[0]), same, self.single_kind)

    def _singles(self, dois: Iterable[str]) -> Iterator[Request]:
        return map(self._single, spellings(dois))

    def _request(self, url: str, dois: Sequence[str], kind: str) -> Request:
        return Request(url=url, dois=tuple(dois), kind=kind, headers={"accept": self.accept})

    # Responses

    def _read_list(self, request: Request, response: Response) -> Iterator[Answer | Request]:
        if response.status in TOO_MUCH_AT_ONCE:
            yield from self._singles(request.dois)
            return
        content, trouble = self._content(response)
        items = self._items(content)
        if not isinstance(items, list):
            reason = trouble or f"{self.service}'s answer is no list of {self.noun}s"
            yield from (Answer.failed(doi, reason) for doi in request.dois)
            return
        found: dict[str, Any] = {}
        for item in items:
            given = self._doi_of(item)
            if given is not None:
                found.setdefault(doi_key(given), item)
        missing = []
        for doi in request.dois:
            if doi_key(doi) in found:
                yield self._found(doi, found[doi_key(doi)])
            else:
                missing.append(doi)
        yield from self._unlisted(missing, content)

    def _read_single(self, doi: str, response: Response) -> Answer:
        absent = self._absent(doi, response)
        if absent is not None:
            return absent
        item, trouble = self._content(response)
        if trouble is not None:
            return Answer.failed(doi, trouble)
        given = self._doi_of(item)
        if given is None:
            return Answer.failed(doi, f"{self.service}'s answer is no {self.noun} with a DOI")
        if not same_doi(given, doi) and not self._may_be_alias(doi, response):
            return Answer.failed(doi, f"{self.service} answered with another work, {shown(given)}")
        return self._found(doi, item)

    def _not_held(self, doi: str) -> Answer:
        return Answer.not_found(doi, f"{self.service} has no {self.noun} of it")

    # What every service has its own way of

    @abstractmethod
    def _list_url(self, dois: str, count: int) -> str:
        """The URL of a list of so many DOIs, which stand in it as they are given."""

    @abstractmethod
    def _single_url(self, doi: str) -> str:
        """The URL of a single record."""

    @abstractmethod
    def _may_share(self, doi: str) -> bool:
        """Whether a DOI can stand in a list with others."""

    @abstractmethod
    def _items(self, content: Any) -> Any:
        """The list in the content of an answer; anything else where there is none."""

    @abstractmethod
    def _doi_of(self, item: Any) -> str | None:
        """The DOI of a record; None for what is no record."""

    @abstractmethod
    def _found(self, doi: str, item: Any) -> Answer:
        """The answer that a record with a DOI gives."""

    # What some have their own way of

    def _content(self, response: Response) -> tuple[Any, str | None]:
        """The content of a good answer, or what is wrong with it, in words."""
        answer, trouble = json_of(response, self.service)
        if trouble is not None or self.envelope is None:
            return answer, trouble
        if not isinstance(answer, dict) or self.envelope not in answer:
            return None, f"{self.service}'s answer has no {self.envelope}"
        return answer[self.envelope], None

    def _absent(self, doi: str, response: Response) -> Answer | None:
        """The answer where the response to a single request says that there is no record."""
        if response.status not in ABSENT:
            return None
        if is_web_page(response):
            return Answer.failed(doi, wrong_address(response, self.service))
        return self._not_held(doi)

    def _unlisted(self, dois: Sequence[str], content: Any) -> Iterator[Answer | Request]:  # noqa: ARG002
        """What is to be said of, or asked for, those that a list does not hold."""
        yield from self._singles(dois)

    def _may_be_alias(self, doi: str, response: Response) -> bool:  # noqa: ARG002
        """Whether the service may well answer for this DOI with the record of another."""
        return False
