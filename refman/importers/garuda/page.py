from collections.abc import Iterable, Iterator
from refman.importers.garuda.result import Result


def read_page(lines: Iterable[tuple[int, str]]) -> Iterator[Result]:
    yield from ()
