"""How the time that an importer takes grows with hostile input of its own kind."""

from __future__ import annotations

import io
from collections.abc import Callable

from refman import plugins
from refman.errors import InputError
from refman.ports import ImportOptions, Sample
from refman.text.reading import TextInput
from tests.fuzz.seeds import seeds
from tests.growth import assert_grows_linearly

FRAGMENTS = (
    "{", "}", "[", '{"a":', '"', "<a>", "<a b='", "&a;", "\\", "\\{", "$", "a ", "a,", ", ", "-",
    "0", "\n", "\r", "\x00", "\x1b[31m", "@a{", "@article{a, title = {", "a and ", "10.1000/", "(",
    "1. A. ", "TY  - JOUR\n", "ER  - ", "%0 ", "PMID- 1\n", "<!--", "<![CDATA[", "https://", "=",
    "e\u0301", "#", " = a # ", "\u201c", "et al. ", "2020 ", ";", "\t", "A. B. C, ",
)  # fmt: skip
"""What to repeat: all that some parser looks for more of."""

BEGINNINGS = 2
"""So many of an importer's seeds are what the repetition stands in."""


def grows_linearly(
    name: str, fragment: str, size: int = 400, tell: Callable[[str], object] | None = None
) -> bool:
    """Whether an importer takes time in proportion, alone and in the midst of its own format.

    With `tell` a failure is told; without, it is raised as an `AssertionError`.
    """
    contexts = [(b"", b"")]
    for seed in seeds(name)[:BEGINNINGS]:
        middle = len(seed) // 2
        contexts.append((seed[:middle], seed[middle:]))
    for before, after in contexts:
        work = _work(name, fragment, before, after)
        try:
            try:
                assert_grows_linearly(work, size, slack=4.0)
            except AssertionError:
                # A few milliseconds are easily a few more; what explodes does so again.
                assert_grows_linearly(work, size * 8, slack=4.0)
        except AssertionError as error:
            if tell is None:
                raise AssertionError(f"{name}, {fragment!r}: {error}") from error
            tell(f"{name}: {fragment!r} after {before[-30:]!r}: {error}")
            return False
    return True


def _work(name: str, fragment: str, before: bytes, after: bytes) -> Callable[[int], object]:
    importer = plugins.importer(name)
    unit = fragment.encode()

    def work(size: int) -> None:
        data = before + unit * size + after
        source = TextInput(io.BytesIO(data), "in")
        importer.recognise(Sample("in", source.head_text, source.head))
        try:
            for _ in importer.read(source, ImportOptions()):
                pass
        except InputError:
            pass

    return work
