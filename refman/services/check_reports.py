"""Findings of `refman check` as compilers, GitHub Actions and code hosts want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from refman.rules.check import Severity
from refman.services.checking import Located

_RULES = {
    "address": "The URL is that of another DOI",
    "capitals": "The title is all in capitals",
    "duplicate": "Two entries are one work",
    "encoding": "Letters are spoilt by a wrong encoding",
    "foreign": "The DOI is that of another work",
    "key": "A citation key is there twice",
    "language": "The language is no code",
    "malformed": "An identifier has a wrong check digit or form",
    "missing": "A field that references of this type need is missing",
    "names": "What stands for a name is none",
    "pages": "The pages go backwards",
    "published": "The preprint was published",
    "replaced": "The work was replaced",
    "undefined": "A key that is cited is not in the file",
    "unknown": "No source knows the DOI",
    "unreadable": "An entry cannot be read",
    "unverified": "The reference could not be verified",
    "year": "The date is unlikely or cannot be read",
}
"""What the codes mean; those of notices about the work are said by their own names."""


def sarif(located: Sequence[Located], version: str) -> Mapping[str, object]:
    """Findings as a SARIF 2.1.0 log (OASIS), which code hosts show beside the lines."""
    levels = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
    codes = sorted({one.finding.code for one in located})
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "refman",
                        "version": version,
                        "rules": [
                            {"id": code, "shortDescription": {"text": _rule(code)}}
                            for code in codes
                        ],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [
                    {
                        "ruleId": one.finding.code,
                        "level": levels[one.finding.severity],
                        "message": {"text": _sentence(one)},
                        "locations": [
                            {
                                "physicalLocation": {
                                    "artifactLocation": {"uri": quote(Path(one.path).as_posix())},
                                    "region": {"startLine": one.line, "startColumn": one.column},
                                }
                            }
                        ],
                    }
                    for one in located
                ],
            }
        ],
    }


def _rule(code: str) -> str:
    return _RULES.get(code) or f"The work bears a notice: {code.replace('_', ' ')}"


def _sentence(one: Located) -> str:
    message = one.finding.message
    if one.finding.advice:
        message = f"{message}; {one.finding.advice}"
    return f"{one.citation_key}: {message}" if one.citation_key else message


def line_of(one: Located) -> str:
    """A finding as compilers tell theirs: `file:line:column: severity: message [code]`."""
    severity, code = one.finding.severity.value, one.finding.code
    return f"{one.path}:{one.line}:{one.column}: {severity}: {_sentence(one)} [{code}]"


def annotation_of(one: Located) -> str:
    """A finding as a workflow command of GitHub Actions."""
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
    path = _escaped(one.path).replace(":", "%3A").replace(",", "%2C")
    place = f"file={path},line={one.line},col={one.column},title={one.finding.code}"
    return f"::{kinds[one.finding.severity]} {place}::{_escaped(_sentence(one))}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
