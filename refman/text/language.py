"""Whether a text is English or Indonesian, by its most frequent words.

A vote of stop words, good for telling these two apart in a title with an abstract. It says None
for anything short, mixed or in another language; a bilingual abstract is mixed.
"""

from __future__ import annotations

import re

from refman.text.word_lists import word_list

__all__ = ["guess_language"]


_ENGLISH = word_list(
    "the of and in to is was were are for with that this by on as from at an be has have which "
    "between using not or it its their these"
)
_INDONESIAN = word_list(
    "yang dan di pada dengan untuk dari ini dalam adalah terhadap sebagai oleh tidak atau dapat "
    "itu ke secara penelitian melalui berbasis akan juga antara hasil serta telah bagi menggunakan "
    "tentang karena hubungan pengaruh analisis studi"
)
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH = 3
_LEAD = 4
_LONGEST = 20_000


def guess_language(text: str, enough: int = _ENOUGH, lead: int = _LEAD) -> str | None:
    """`en`, `id`, or None where neither clearly wins.

    `enough` is the number of stop words that the winner must have; it also needs `lead` times as
    many as the other. Only the first 20,000 characters count.
    """
    english = indonesian = 0
    for word in _WORD.findall(text[:_LONGEST].lower()):
        if word in _ENGLISH:
            english += 1
        elif word in _INDONESIAN:
            indonesian += 1
    if english >= enough and english >= lead * indonesian:
        return "en"
    if indonesian >= enough and indonesian >= lead * english:
        return "id"
    return None
