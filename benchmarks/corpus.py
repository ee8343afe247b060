"""Synthetic but lifelike articles, for load: the same ones for the same seed, as many as asked for.

About 1.2 kB of BibTeX each, half of them with a 150-word abstract. Words follow Zipf's law, so
that searches meet common and rare ones as they would in a real library.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator

from refman.model import Date, Description, Name

_SYLLABLES = (
    "ab ac ad al an ar as at be bi bo ca ce ci co cu da de di do du el em en er es et fa fe fi fo "
    "ga ge gi go gra ha he hi ho hy in io is it ka ke ki ko la le li lo lu ma me mi mo mu na ne ni "
    "no nu om on op or os pa pe phi pi po pra pro qua ra re ri ro ru sa se si so sta su ta te ter "
    "ti to tra tri tu ul um un ur us va ve vi vo wa we wi xe ya ze zo"
).split()
_COMMON = (
    "analysis model effect study data approach method system theory control policy migration "
    "health learning network algorithm language climate energy protein cell surface quantum social "
    "economic water soil urban risk design evidence review dynamics structure evolution function"
).split()
_GLUE = "the of and in for on with to a from by using under between among across".split()
_GIVEN = (
    "Anna Budi Carlos Dewi Elena Farid Giulia Hiroshi Ingrid João Katarzyna Lars María Nguyễn "
    "Olga Pierre Rizky Siti Tomás Ursula Vikram Wei Xin Yusuf Zoë"
).split()


class _Vocabulary:
    def __init__(self, rng: random.Random) -> None:
        made = {"".join(rng.choices(_SYLLABLES, k=rng.choice((2, 3, 3, 4)))) for _ in range(24_000)}
        rare = sorted(made)
        rng.shuffle(rare)
        self.words = _COMMON + rare
        weights = [1 / (rank + 8) for rank in range(len(self.words))]
        self.cumulative = list(itertools.accumulate(weights))
        self.families = [word.capitalize() for word in rare[:6000]]
        self.journals = [
            f"Journal of {a.capitalize()} {b.capitalize()}"
            for a, b in zip(rare[6000:6800], rare[7000:7800])
        ]

    def text(self, rng: random.Random, count: int) -> list[str]:
        words = rng.choices(self.words, cum_weights=self.cumulative, k=count)
        for i in range(1, count - 1, 3):
            words[i] = rng.choice(_GLUE)
        return words


def descriptions(count: int, seed: int = 2026) -> Iterator[Description]:
    """`count` descriptions of articles; the first ones are the same whatever the count."""
    rng = random.Random(seed)
    vocabulary = _Vocabulary(rng)
    for number in range(count):
        title = " ".join(vocabulary.text(rng, rng.randint(7, 16))).capitalize()
        abstract = None
        if rng.random() < 0.5:
            sentences = [" ".join(vocabulary.text(rng, 15)).capitalize() + "." for _ in range(10)]
            abstract = " ".join(sentences)
        first = rng.randint(1, 2000)
        yield Description(
            type="article-journal",
            title=title,
            author=tuple(
                Name(family=rng.choice(vocabulary.families), given=rng.choice(_GIVEN))
                for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 6)))
            ),
            container_title=rng.choice(vocabulary.journals),
            issued=Date(rng.randint(1970, 2026), rng.choice((None, rng.randint(1, 12)))),
            volume=str(rng.randint(1, 120)),
            issue=str(rng.randint(1, 12)),
            page=f"{first}-{first + rng.randint(3, 30)}",
            publisher=rng.choice(("Elsevier BV", "Springer", "Wiley", "UNIDA GONTOR", "MDPI AG")),
            DOI=f"10.{5000 + number % 997}/bench.{number:07d}",
            ISSN=(f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}",),
            keyword=tuple(vocabulary.text(rng, 4)),
            abstract=abstract,
        )


def bibtex(count: int, seed: int = 2026) -> Iterator[str]:
    """The same articles as BibTeX entries, one string each, keys `bench0000000` and on."""
    for number, d in enumerate(descriptions(count, seed)):
        assert d.issued is not None
        fields = {
            "title": d.title,
            "author": " and ".join(name.inverted for name in d.author),
            "journal": d.container_title,
            "year": str(d.issued.year),
            "month": str(d.issued.month) if d.issued.month else None,
            "volume": d.volume,
            "number": d.issue,
            "pages": d.page.replace("-", "--") if d.page else None,
            "publisher": d.publisher,
            "doi": d.DOI,
            "issn": d.ISSN[0],
            "url": f"https://doi.org/{d.DOI}",
            "keywords": ", ".join(d.keyword),
            "abstract": d.abstract,
        }
        body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
        yield f"@article{{bench{number:07d},\n{body}}}\n\n"
