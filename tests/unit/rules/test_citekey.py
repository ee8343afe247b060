"""Citation keys: made, kept, told apart."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import UsageError
from refman.model import Date, Description, Name
from refman.rules.citekey import (
    DEFAULT,
    MAX_LENGTH,
    clean_key,
    is_valid_key,
    make_key,
    next_free,
    with_suffix,
)

WORK = Description(
    title="The effectiveness of the International Organization for Migration (IOM)",
    author=(Name(literal="Rizkika Dwi"), Name(family="Smith", given="Jane")),
    issued=Date(2021, 8),
    container_title="Journal of the Indonesian Society",
)


def by(*names: Name) -> str:
    return make_key(Description(author=names))


def titled(title: str, language: str | None = None) -> str:
    return make_key(Description(title=title, language=language))


def test_the_default_is_author_year_and_first_telling_word() -> None:
    assert make_key(WORK) == "dwi2021effectiveness"


def test_what_is_missing_is_left_out() -> None:
    assert make_key(Description(title="On rain", issued=Date(2021))) == "2021rain"
    assert make_key(Description(title="On rain", author=WORK.author)) == "dwirain"
    assert make_key(Description()) == "work"
    assert make_key(Description(title="???", author=(Name(literal="-"),))) == "work"
    assert make_key(Description(editor=(Name(family="Ed"),), title="Rain")) == "edrain"
    assert make_key(Description(published_print=Date(2020, 1))) == "2020"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        (Name(family="García Márquez", given="Gabriel"), "garciamarquez"),
        (Name(family="Beethoven", given="L.", non_dropping_particle="van"), "vanbeethoven"),
        (Name(family="O’Brien"), "obrien"),
        (Name(family="Smith-Jones"), "smithjones"),
        (Name(family="Ørsted"), "orsted"),
        (Name(family="王"), "wang"),
        (Name(given="Sukarno"), "sukarno"),
        (Name(literal="Sukarno"), "sukarno"),
        (Name(literal="Muhammad Rizki Dwi Pratama"), "pratama"),
        (Name(literal="Siti Aminah, S.Pd., M.Pd."), "aminah"),
        (Name(literal="Sukarno A."), "sukarno"),
        (Name(literal="World Health Organization"), "who"),
        (Name(literal="Badan Pusat Statistik"), "bps"),
        (Name(literal="International Organization for Migration (IOM)"), "iom"),
        (Name(literal="Google Research"), "google"),
        (Name(literal="UNESCO"), "unesco"),
        (Name(literal="The Cochrane Collaboration"), "cochrane"),
    ],
)
def test_authors(name: Name, key: str) -> None:
    assert by(name) == key


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("The rain in Spain", "rain"),
        ("Dalam dan di luar negeri", "luar"),
        ("Yang terlupakan", "terlupakan"),
        ("Die Verwandlung", "verwandlung"),
        ("L'été en France", "ete"),
        ("L’effet papillon", "effet"),
        ("El amor en los tiempos", "amor"),
        ("Post-COVID recovery", "postcovid"),
        ("AI in education", "ai"),
        ("3D printing of bone", "3d"),
        ("<i>Escherichia coli</i> in water", "escherichia"),
        ("CO<sub>2</sub> in the air", "co2"),
        ("Don't look up", "dont"),
        ("Retraction—Ileal-lymphoid-nodular hyperplasia", "retraction"),
        ("To be or not to be", "to"),
        ("東京の研究", "dongjingnoyanjiu"),
        ("Война и мир", "voyna"),
    ],
)
def test_titles(title: str, key: str) -> None:
    assert titled(title) == key


def test_umlauts_follow_the_language() -> None:
    assert titled("Über Öfen", "de") == "oefen"
    assert titled("Öfen", "de-AT") == "oefen"
    assert titled("Öfen") == "ofen"
    assert titled("Ålborg", "da") == "aalborg"


@pytest.mark.parametrize(
    ("template", "key"),
    [
        (DEFAULT, "dwi2021effectiveness"),
        ("{auth}_{year}", "dwi_2021"),
        ("{auths:2}{yy}", "dwismith21"),
        ("{title:3}", "effectivenessinternationalorganization"),
        ("{journal}:{auth}", "jis:dwi"),
    ],
)
def test_templates(template: str, key: str) -> None:
    assert make_key(WORK, template) == key


@pytest.mark.parametrize(
    "template", ["{nothing}", "{auth} {year}", "{auth", "plain", "", "{auth.__class__}", "{a}{b}%"]
)
def test_templates_that_make_no_sense(template: str) -> None:
    with pytest.raises(UsageError):
        make_key(WORK, template)


def test_ascii_needs_no_transliteration() -> None:
    code = (
        "import sys; from refman.rules.citekey import make_key; from refman.model import *;"
        "make_key(Description(title='Rain', author=(Name(family='Smith'),)));"
        "print('anyascii' in sys.modules)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    assert found.stdout.strip() == "False"


def test_suffixes_count_on_after_z() -> None:
    numbers = (0, 1, 2, 26, 27, 52, 53, 702, 703)
    found = [with_suffix("x", n) for n in numbers]
    assert found == ["x", "xa", "xb", "xz", "xaa", "xaz", "xba", "xzz", "xaaa"]
    assert len({with_suffix("x", n) for n in range(2000)}) == 2000


def test_the_next_free_key() -> None:
    assert next_free("dwi2021", set()) == "dwi2021"
    assert next_free("dwi2021", {"dwi2021", "dwi2021a"}) == "dwi2021b"
    assert next_free("Dwi2021", {"dwi2021"}) == "Dwi2021a"


def test_many_equal_keys_are_given_out_in_reasonable_time() -> None:
    taken: set[str] = set()
    for _ in range(5_000):
        key = next_free("editorial", taken)
        assert key not in taken
        taken.add(key)
    assert next_free("editorial", taken) not in taken


@pytest.mark.parametrize(
    "key",
    [
        "Smith2020",
        "smith:2020+a",
        "10.1145/3292500.3330701",
        "DBLP:conf/x/Y",
        "S0012(97)00126",
        "Müller",
    ],
)
def test_keys_that_are_kept(key: str) -> None:
    assert is_valid_key(key)
    assert clean_key(key) == key


@pytest.mark.parametrize(
    ("key", "cleaned"),
    [
        ("Smith 2020", "Smith2020"),
        ("a,b{c}d", "abcd"),
        ("a#b%c~d\\e\"f'g", "abcdefg"),
        ("a\tb\nc\x00d\x85e", "abcde"),
        ("x" * 300, "x" * MAX_LENGTH),
        ("", None),
        ("{ }", None),
    ],
)
def test_keys_that_must_be_cleaned(key: str, cleaned: str | None) -> None:
    assert not is_valid_key(key)
    assert clean_key(key) == cleaned


@settings(max_examples=150, deadline=None)
@given(
    title=st.text(max_size=60),
    family=st.text(max_size=30),
    literal=st.booleans(),
    year=st.one_of(st.none(), st.integers(-9999, 9999)),
    language=st.one_of(st.none(), st.sampled_from(["de", "en", "id"]), st.text(max_size=5)),
)
def test_a_made_key_is_lower_case_ascii_whatever_comes(
    title: str, family: str, literal: bool, year: int | None, language: str | None
) -> None:
    name = Name(literal=family) if literal else Name(family=family)
    description = Description(
        title=title, author=(name,), issued=Date(year), language=language, container_title=title
    )
    for template in (DEFAULT, "{auths:3}{title:4}{journal}"):
        key = make_key(description, template)
        assert key
        assert key.isascii()
        assert key.isalnum()
        assert key == key.lower()
        assert is_valid_key(key)
        assert make_key(description, template) == key


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_a_cleaned_key_is_valid(key: str) -> None:
    cleaned = clean_key(key)
    assert cleaned is None or is_valid_key(cleaned)


def test_long_values_make_short_keys() -> None:
    long = "x" * 100_000
    key = make_key(Description(title=long, author=(Name(literal=long),), container_title=long))
    assert len(key) <= 80
