"""The records of a server: looked up by DOI, ordered as the service orders them, searched."""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import re
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.crossref_server.filters import date_parts, values_at
from tests.crossref_server.messages import Json
from tests.crossref_server.vocabulary import QUERY_FIELDS

_WORD = re.compile(r"[^\W_]+")
_K1, _B = 1.2, 0.75
"""The constants of BM25, as Lucene has them."""


def read_works(path: Path) -> Iterator[Json]:
    """Works of a ``.jsonl`` or ``.jsonl.gz`` file, one JSON object a line, blank lines left out."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


class WorkStore:
    """Prime records by DOI and the aliases leading to them.

    works: REST work objects; DOIs are lower-cased, the last of several copies wins. Read at the
        first request, so a server starts at once with a lazy iterable.
    aliases: alias DOI -> DOI it leads to (perhaps an alias again). A DOI that is an alias is
        left out of lists even when `works` holds it.
    """

    def __init__(self, works: Iterable[Json], aliases: Mapping[str, str]) -> None:
        self._source: Iterable[Json] | None = works
        self._aliases = {alias.lower(): prime.lower() for alias, prime in aliases.items()}
        self._by_doi: dict[str, Json] = {}
        self._order: list[Json] = []
        self._words: dict[str, dict[str, dict[str, float]]] = {}
        self._lock = threading.RLock()

    def load(self) -> None:
        """Read the works now; does nothing the second time."""
        with self._lock:
            if self._source is None:
                return
            primes = set(self._aliases.values())
            for work in self._source:
                doi = str(work["DOI"]).lower()
                self._by_doi[doi] = self._served(work, doi, primes)
            self._source = None
            listed = [doi for doi in self._by_doi if doi not in self._aliases]
            # Lists come in no useful order; a digest mixes the records the same way in each run.
            listed.sort(key=lambda doi: hashlib.sha1(doi.encode()).digest())
            self._order = [self._by_doi[doi] for doi in listed]

    def _served(self, work: Json, doi: str, primes: set[str]) -> Json:
        """The record as it is sent: lower-cased DOI, and ``alias`` when other DOIs lead to it."""
        served = {**work, "DOI": doi}
        if doi in primes:
            served["alias"] = sorted(a for a, prime in self._aliases.items() if prime == doi)
        return served

    def put(self, work: Json) -> None:
        """Add a record or replace the one of the same DOI while the server runs."""
        with self._lock:
            self.load()
            everything = {**self._by_doi, str(work["DOI"]).lower(): work}
            self._source = list(everything.values())
            self._by_doi, self._words = {}, {}
            self.load()

    def get(self, doi: str) -> Json | None:
        """The prime record of a lower-cased DOI; None for an alias or an unknown DOI."""
        self.load()
        return None if doi in self._aliases else self._by_doi.get(doi)

    def alias_target(self, doi: str) -> str | None:
        """Where an alias leads, None when `doi` is no alias."""
        return self._aliases.get(doi)

    def all(self) -> list[Json]:
        """Every prime record, in the order of lists."""
        self.load()
        return self._order

    def scores(self, field: str, text: str) -> dict[str, float]:
        """DOI -> score of the records that share a word with `text` in a query field.

        Okapi BM25 over the words, as search engines weigh them unless told otherwise: rare words
        count more, further occurrences less, and so do those in long records. Scores are
        unbounded, and not comparable between queries, as the service's are. `field` is "" for
        plain ``query``, which looks everywhere.
        """
        index = self._index(field)
        total = len(self.all())
        found: dict[str, float] = {}
        for word, times in Counter(_split_words(text)).items():
            hits = index.get(word, {})
            weight = times * math.log(1 + (total - len(hits) + 0.5) / (len(hits) + 0.5))
            for doi, gain in hits.items():
                found[doi] = found.get(doi, 0.0) + weight * gain
        return found

    def _index(self, field: str) -> dict[str, dict[str, float]]:
        """word -> {DOI: what it gains} of a query field, made when first needed."""
        with self._lock:
            if field not in self._words:
                paths = QUERY_FIELDS[field] if field else _everywhere()
                self._words[field] = _make_index(self.all(), paths)
            return self._words[field]


def _everywhere() -> tuple[str, ...]:
    return tuple(sorted({path for paths in QUERY_FIELDS.values() for path in paths}))


def _split_words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _make_index(works: Iterable[Json], paths: Sequence[str]) -> dict[str, dict[str, float]]:
    """How much each word speaks for each record: its occurrences, saturated, by the length."""
    words: dict[str, Counter[str]] = {
        work["DOI"]: Counter(
            word
            for path in paths
            for value in values_at(work, path)
            for word in _split_words(str(value))
        )
        for work in works
    }
    average = sum(found.total() for found in words.values()) / max(1, len(words))
    index: dict[str, dict[str, float]] = {}
    for doi, found in words.items():
        damping = _K1 * (1 - _B + _B * found.total() / max(1.0, average))
        for word, count in found.items():
            index.setdefault(word, {})[doi] = count * (_K1 + 1) / (count + damping)
    return index


def sort_key(field: str, scores: Mapping[str, float]) -> Any:
    """Key function for ``sort=field``; records without the date or number come as the least."""
    if field in ("score", "relevance"):
        return lambda work: scores.get(work["DOI"], 0.0)
    if field in ("is-referenced-by-count", "references-count"):
        return lambda work: int(work.get(field) or 0)
    if field in ("updated", "deposited", "indexed", "created"):
        stamp = "deposited" if field == "updated" else field
        return lambda work: str((work.get(stamp) or {}).get("date-time", ""))
    return lambda work: date_parts(work, field)
