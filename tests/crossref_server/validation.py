"""Parameter checks: every failure of a request is found before any record is looked at.

Order, types and texts follow Crossref's server: unknown parameters, the form of ``filter`` and
``facet``, paging, cursor, ordering, then the contents of facets, filters, queries and select.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tests.crossref_server.filters import Pair, failure, filter_failures, split_filters
from tests.crossref_server.messages import Json
from tests.crossref_server.vocabulary import (
    FACETS,
    LIST_PARAMS,
    QUERY_FIELDS,
    SELECT_FIELDS,
    SORT_FIELDS,
)

MAX_ROWS = 1000
MAX_OFFSET = 10_000
MAX_SAMPLE = 100
DEFAULT_ROWS = 20

_SINGLE_REFUSES = (
    "rows", "sample", "offset", "cursor", "sort", "order", "facet", "filter", "query", "select",
)  # fmt: skip
_ORDERS = ("asc", "desc", "1", "-1")
_ALL_FACETS = ("*", "t", "T", "1")


def single_failures(params: Mapping[str, str]) -> list[Json]:
    """What is wrong with the parameters of a route of one record; only ``mailto`` is right."""
    found = _unknown_params(params)
    for name in _SINGLE_REFUSES:
        if name in params:
            text = f"This route does not support {name}"
            found.append(failure("parameter-not-allowed", name, text))
    if any(name.startswith("query.") for name in params):
        text = "This route does not support field query parameters"
        found.append(failure("parameter-not-allowed", "query.*", text))
    return found


def list_failures(params: Mapping[str, str], glue: bool, works: bool = True) -> list[Json]:
    """What is wrong with the parameters of a list.

    glue: see `tests.crossref_server.filters.split_filters`. works: a list of works, which knows
    filters, facets, cursors and select; the lists of journals, members and types do not.
    """
    found = _unknown_params(params)
    found += _pair_list_failures(params, glue)
    found += _paging_failures(params, works)
    found += _cursor_failures(params, works)
    found += _ordering_failures(params)
    if not works:
        for name in ("facet", "filter", "select"):
            if name in params:
                text = f"This route does not support {name}"
                found.append(failure("parameter-not-allowed", name, text))
        return found
    found += _facet_failures(params)
    found += filter_failures(_pairs(params, glue))
    found += _field_query_failures(params)
    found += _select_failures(params)
    return found


def _pairs(params: Mapping[str, str], glue: bool) -> list[Pair]:
    """The filters that could be read; none when their form is already found wrong."""
    if "filter" not in params:
        return []
    return split_filters(params["filter"], glue) or []


def _unknown_params(params: Mapping[str, str]) -> list[Json]:
    return [
        failure(
            "unknown-parameter",
            name,
            f"Parameter {name} specified but there is no such parameter available on any route",
        )
        for name in params
        if name not in LIST_PARAMS and not name.startswith("query.")
    ]


def _pair_list_failures(params: Mapping[str, str], glue: bool) -> list[Json]:
    found: list[Json] = []
    for name in ("facet", "filter"):
        text = params.get(name)
        if text is None or (name == "facet" and text in _ALL_FACETS):
            continue
        # Facets have no values that could hold a comma, so nothing is glued there.
        if split_filters(text, glue and name == "filter") is None:
            message = (
                f"Pair list form specified as '{text}' but should be of the form:"
                " key:val,...,keyN:valN"
            )
            found.append(failure("pair-list-form-invalid", text, message))
    return found


def _integer_failure(value: str | None, most: int, hint: str = "") -> list[Json]:
    if value is None or (re.fullmatch(r"\d+", value) and int(value) <= most):
        return []
    text = (
        f"Integer specified as {value} but must be a positive integer"
        f" less than or equal to {most}. {hint}"
    )
    return [failure("integer-not-valid", value, text)]


def _paging_failures(params: Mapping[str, str], deep: bool) -> list[Json]:
    found: list[Json] = []
    if "sample" in params and ("rows" in params or "offset" in params):
        text = "Sample cannot be combined with rows or offset"
        found.append(failure("sample-with-rows-or-offset", "sample", text))
    hint = " Use the cursor parameter to page further into result sets." if deep else ""
    found += _integer_failure(params.get("rows"), MAX_ROWS)
    found += _integer_failure(params.get("sample"), MAX_SAMPLE)
    found += _integer_failure(params.get("offset"), MAX_OFFSET, hint)
    return found


def _cursor_failures(params: Mapping[str, str], deep: bool) -> list[Json]:
    if "cursor" not in params:
        return []
    if not deep:
        text = "This route does not support cursor"
        return [failure("parameter-not-allowed", "cursor", text)]
    if "offset" in params or "sample" in params:
        text = "Cursor cannot be combined with offset or sample"
        return [failure("cursor-with-offset-or-sample", "cursor", text)]
    return []


def _ordering_failures(params: Mapping[str, str]) -> list[Json]:
    found: list[Json] = []
    checks = (
        ("order", "sort-order-not-valid", "Sort order", _ORDERS),
        ("sort", "sort-field-not-valid", "Sort field", SORT_FIELDS),
    )
    for name, kind, label, allowed in checks:
        value = params.get(name)
        if value is not None and value not in allowed:
            text = f"{label} specified as {value} but must be one of: {', '.join(allowed)}"
            found.append(failure(kind, value, text))
    return found


def _facet_failures(params: Mapping[str, str]) -> list[Json]:
    text = params.get("facet")
    if text is None or text in _ALL_FACETS:
        return []
    names = [name for name, _ in split_filters(text, glue=False) or []]
    return [
        failure(
            "facet-not-available",
            name,
            f"Facet {name} specified but there is no such facet for this route."
            f" Valid facets for this route are: {', '.join(('*', *FACETS))}",
        )
        for name in names
        if name not in FACETS and name != "*"
    ]


def _field_query_failures(params: Mapping[str, str]) -> list[Json]:
    names = [name.removeprefix("query.") for name in params if name.startswith("query.")]
    return [
        failure(
            "field-query-not-available",
            name,
            f"Field query {name} specified but there is no such field query for this route."
            f" Valid field queries for this route are: {', '.join(QUERY_FIELDS)}",
        )
        for name in names
        if name not in QUERY_FIELDS
    ]


def _select_failures(params: Mapping[str, str]) -> list[Json]:
    if "select" not in params:
        return []
    return [
        failure(
            "select-not-available",
            name,
            f"Select {name} specified but there is no such select for this route."
            f" Valid selects for this route are: {', '.join(SELECT_FIELDS)}",
        )
        for name in params["select"].split(",")
        if name not in SELECT_FIELDS
    ]
