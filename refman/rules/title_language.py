"""In which languages a title can be, by its little words."""

from __future__ import annotations

from refman.text.titles import fold

_LITTLE_WORDS = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and in on for to a an with from by at as is are its their among between",
        "id": "dan di yang dalam pada dengan untuk terhadap dari oleh sebagai melalui antara "
        "bagi tentang berbasis menggunakan pengaruh analisis hubungan studi upaya peran",
        "es": "el la los las y de del en una un para por con sobre entre su",
        "pt": "o a os as e de do da dos das na no em uma um para por com sobre entre",
        "fr": "le la les et de du des en une un pour par dans sur au aux entre",
        "it": "il lo la i gli le e di del della dei nel nella per con una un tra",
        "de": "der die das und des dem den von im in zur zum eine ein auf mit fur bei als",
        "nl": "de het een en van in op voor met door bij tot naar als",
    }.items()
}


def languages(title: str) -> frozenset[str]:
    """The languages that a title can be in, by its little words; all where there are none."""
    words = fold(title).split()
    if not "".join(words[:8]).isascii() and not any(word.isascii() for word in words):
        return frozenset(("another script",))
    hits = {
        language: sum(word in little for word in words)
        for language, little in _LITTLE_WORDS.items()
    }
    most = max(hits.values())
    return frozenset(language for language, count in hits.items() if count == most)


def share_a_language(one: str, other: str) -> bool:
    """Whether two titles are surely in one language: the little words of both say so."""
    mine, others = languages(one), languages(other)
    return len(mine) == 1 and mine == others
