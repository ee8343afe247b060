"""Templates of citation keys in the notations of Better BibTeX and JabRef."""

from __future__ import annotations

import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.errors import UsageError
from refman.model import Date, Description, Name
from refman.rules.citekey import MAX_LENGTH, check_template, is_valid_key, make_key
from refman.rules.key_creators import Creators, family_alone, formula_functions
from refman.rules.key_filters import FILTERS
from refman.rules.key_replacing import safe_pattern
from refman.rules.key_values import FUNCTIONS as VALUES
from refman.text.transliteration import to_ascii
from tests.growth import assert_grows_linearly
from tests.strategies import descriptions

FUNCTIONS = VALUES | formula_functions(Creators(family_alone, every_initial=True))

WORK = Description(
    type="article-journal",
    title="The effectiveness of the International Organization for Migration (IOM)",
    author=(
        Name(family="Beethoven", given="Ludwig", non_dropping_particle="van"),
        Name(family="Smith-Jones", given="Jane Eyre"),
        Name(literal="World Health Organization"),
    ),
    editor=(Name(family="Editor", given="Ed"),),
    issued=Date(2021, 3, 2),
    original_date=Date(1821),
    container_title="Journal of Fish Biology",
    publisher="Wiley & Sons",
    volume="12",
    issue="4",
    page="7-19",
    DOI="10.1000/Xyz(1)",
    keyword=("rain", "fish"),
    language="en",
)
AWESOME = Description(title="An awesome paper on JabRef", author=(Name("Müller", "Ann"),))


def people(*families: str) -> Description:
    return Description(author=tuple(Name(family, "Ann") for family in families))


@pytest.mark.parametrize(
    ("formula", "key"),
    [
        ("auth.lower + year + shorttitle(1)", "vanbeethoven2021effectiveness"),
        ("auth.lower + shorttitle(3,3) + year",
         "vanbeethovenEffectivenessInternationalOrganization2021"),
        ('auth.lower + "_" + shorttitle(3,3) + "_" + year',
         "vanbeethoven_EffectivenessInternationalOrganization_2021"),
        ("auth", "vanBeethoven"),
        ("Auth.condense('_')", "van_Beethoven"),
        ("auth(3,2)", "Smi"),
        ("auth(n=3, m=2)", "Smi"),
        ("authors(1)", "vanBeethovenEtAl"),
        ("authors", "vanBeethovenSmith-JonesWorldHealthOrganization"),
        ("authorsn(2, sep='+')", "vanBeethoven+Smith-Jones+EtAl"),
        ("authEtAl", "vanBeethovenEtAl"),
        ("authEtal2", "vanBeethoven.etal"),
        ("authAuthEa", "vanBeethoven.Smith-Jones.ea"),
        ("authorsAlpha", "vSW"),
        ("authIni(2)", "va.Sm.Wo"),
        ("authorIni", "vanB.S.W"),
        ("authorLast", "WorldHealthOrganization"),
        ("authForeIni", "L"),
        ("auth(initials=true, m=2)", "Smith-JonesJE"),
        ("authshort", "v.S.W"),
        ("editors", "Editor"),
        ("edtr.upper", "EDITOR"),
        ("creators(2, name='%(f).3s%(i)s', etal='etc', sep='')", "vanLSmiJetc"),
        ("creators([2,3], sep='')", "Smith-JonesWorldHealthOrganization"),
        ("year + month + day", "2021mar2"),
        ("shortyear + origyear", "211821"),
        ("date('%Y_%m')", "2021_03"),
        ("title", "effectivenessInternationalOrganizationMigrationIOM"),
        ("Title.abbr", "TeotIOfM"),
        ("Title.skipwords.select(2,2)", "InternationalOrganization"),
        ("veryshorttitle.capitalize", "Effectiveness"),
        ("shorttitle(2).substring(1,3).upper", "EFF"),
        ("journal.abbr", "JoFB"),
        ("PublicationTitle.condense('-')", "Journal-of-Fish-Biology"),
        ("publisher.nopunct.condense('_')", "Wiley_Sons"),
        ("volume + '.' + issue + ':' + pages", "12.4:7-19"),
        ("firstpage + '-' + lastpage", "7-19"),
        ("keyword(0) + keyword(1)", "fishrain"),
        ("DOI", "10.1000/Xyz1"),
        ("typename", "Article"),
        ("language", "en"),
        ("year.prefix('y') + volume.postfix('v') + Edition.prefix('e')", "y202112v"),
        ("Edition.ifempty('nd')", "nd"),
        ("auth.replace('beet','Wood')", "vanWoodhoven"),
        ("auth.replace(/[aeiou]+/g, '')", "vnBthvn"),
        ("auth.replace(/BEET/i, '')", "vanhoven"),
        ("Edition || 'first'", "first"),
        ("Edition | year", "2021"),
        ("(Edition || Volume.prefix('v')) + year", "v122021"),
        ("type(book) + 'b' | type('journalArticle') + 'j'", "j"),
        ("language(german) + 'de' | language('english') + 'en'", "en"),
        ("auth.len('>', 30) + year | veryshorttitle", "effectiveness"),
        ("Title.match('nothing') + year | year + 'x'", "2021x"),
        ("Edition; year", "2021"),
        ("auth\n  + year", "vanBeethoven2021"),
        ("zotero", "van_beethoven_effectiveness_2021"),
    ],
)  # fmt: skip
def test_formulas(formula: str, key: str) -> None:
    assert make_key(WORK, formula) == key


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("[auth][year]", "Beethoven2021"),
        ("[auth:lower]_[year]", "beethoven_2021"),
        ("[auth:lower]-[shortyear]", "beethoven-21"),
        ("[authFirstFull]", "vanBeethoven"),
        ("[auth3]", "Bee"),
        ("[auth3_2]", "Smi"),
        ("[authors]", "BeethovenSmithJonesWHO"),
        ("[authors2]", "BeethovenSmithJonesEtAl"),
        ("[auth.etal]", "Beethoven.etal"),
        ("[authEtAl]", "BeethovenEtAl"),
        ("[auth.auth.ea]", "Beethoven.SmithJones.ea"),
        ("[authorsAlpha]", "BSW"),
        ("[authIni4]", "BeSW"),
        ("[authorIni]", "BeethSW"),
        ("[authorLast]", "WHO"),
        ("[authForeIni][authorLast:(x)]", "LWHO"),
        ("[authshort]", "BSW"),
        ("[edtr][editors][pureauth:upper]", "EditorEditorBEETHOVEN"),
        ("[shorttitle]", "effectivenessInternationalOrganization"),
        ("[shorttitleINI]", "eIO"),
        ("[veryshorttitle:capitalize]", "Effectiveness"),
        ("[journal:abbr]", "JoFB"),
        ("[JOURNAL:abbr]", "JoFB"),
        ("[firstpage].[lastpage]", "7.19"),
        ("[keyword1][keywords2]", "rainrainfish"),
        ("[entrytype]", "Article"),
        ("[month][day]", "March2"),
        ("[date]", "20210302"),
        ("[edition:(unknown)]", "unknown"),
        ("[volume:(unknown)]", "12"),
        ("[fulltitle:truncate7]", "Theeff"),
        ('[auth.etal:regex("\\\\.etal","EtAl"):regex("\\\\.","And")]', "BeethovenEtAl"),
        ("demo[TITLE:abbr]", "demoTeotIOfM"),
        ("[publisher:lower:abbr]", "ws"),
        ("[edition]|[auth]", "Beethoven"),
        # The older patterns of Better BibTeX
        (
            "[auth:lower][shorttitle3_3][year]",
            "beethovenEffectivenessInternationalOrganization2021",
        ),
        ("[TITLE:skipwords:select,2,2:condense,_]", "International_Organization"),
        ("[auth:fold:postfix,_][year:prefix,y]", "Beethoven_y2021"),
        ("[auth.etal:replace=.etal,EtAl]", "BeethovenEtAl"),
    ],
)
def test_patterns(pattern: str, key: str) -> None:
    assert make_key(WORK, pattern) == key


@pytest.mark.parametrize(
    ("pattern", "key"),
    [
        ("[title]", "AnAwesomePaperonJabRef"),
        ("[title:abbr]", "AAPoJ"),
        ("[camel]", "AnAwesomePaperOnJabRef"),
        ("[camel:abbr]", "AAPOJ"),
        ("[shorttitle:capitalize]", "AwesomePaperJabref"),
        ("[veryshorttitle]", "awesome"),
        ("[TITLE:titlecase]", "AnAwesomePaperonJabref"),
        ("[TITLE:sentencecase]", "Anawesomepaperonjabref"),
        ("demo[TITLE:abbr]", "demoAapoJ"),
    ],
)
def test_the_titles_of_jabrefs_own_documentation(pattern: str, key: str) -> None:
    assert make_key(AWESOME, pattern) == key


@pytest.mark.parametrize(
    ("names", "alpha", "short", "et_al"),
    [
        (("Newton",), "New", "Newton", "Newton"),
        (("Newton", "Maxwell"), "NM", "NM", "Newton.Maxwell"),
        (("Newton", "Maxwell", "Einstein", "Bohr"), "NMEB", "NME+", "Newton.etal"),
        (("Newton", "Maxwell", "Einstein", "Bohr", "Curie"), "NME+", "NME+", "Newton.etal"),
    ],
)
def test_how_many_authors_there_are(
    names: tuple[str, ...], alpha: str, short: str, et_al: str
) -> None:
    description = people(*names)
    assert make_key(description, "[authorsAlpha]") == alpha
    assert make_key(description, "authorsAlpha") == alpha
    assert make_key(description, "[authshort]") == short
    assert make_key(description, "[auth.etal]") == et_al
    assert make_key(description, "authEtal2") == et_al


@pytest.mark.parametrize(
    ("template", "position", "words"),
    [
        ("auht.lower + year", 1, "there is no function or field 'auht'"),
        ("auth.lowr", 6, "there is no filter 'lowr'"),
        ("auth + + year", 8, "is expected, not '+'"),
        ("auth year", 6, "'year' is not expected here"),
        ("auth +", 7, "is expected"),
        ("", 1, "there is nothing in it"),
        ("shorttitle(1,2,3)", 16, "takes 2 arguments"),
        ("shorttitle('a')", 12, "has to be a number"),
        ("select(k=1)", 1, "there is no function or field 'select'"),
        ("Title.select(k=1)", 16, "takes no 'k'"),
        ("Title.prefix", 7, "needs 'prefix'"),
        ("auth.replace(/(a+)+b/, '')", 14, "groups are not understood"),
        ("postfix('%(n)s')", 1, "at their end"),
        ("auth + 'x", 8, "is not understood"),
        ("(auth", 6, "')' is missing"),
        ("[auht]", 2, "there is no marker 'auht'"),
        ("[auth:lowr]", 7, "there is no modifier 'lowr'"),
        ("[auth", 6, "']' is missing"),
        ("[auth] [year]", 7, "a key cannot hold ' '"),
        ('[auth:regex("(a)","b")]', 13, "groups are not understood"),
        ('[auth:regex("a")]', 7, "needs 'replacement'"),
        ("[auth:truncate]", 7, "needs 'n'"),
        ("[auth:select,x]", 14, "has to be a number"),
        ("{auth}{yera}", 8, "there is no part 'yera'"),
        ("{auth} {year}", 7, "a key cannot hold ' '"),
    ],
)
def test_a_mistake_is_shown_where_it_is(template: str, position: int, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        check_template(template)
    assert words in caught.value.message
    assert caught.value.message.endswith(f"at position {position}.")
    shown, caret = (caught.value.hint or "").split("\n")[:2]
    assert shown == template
    assert caret == " " * (position - 1) + "^"


def test_what_there_is_is_said() -> None:
    with pytest.raises(UsageError) as caught:
        check_template("nothing")
    assert "shorttitle" in (caught.value.hint or "")
    with pytest.raises(UsageError) as caught:
        check_template("[nothing]")
    assert "authorsalpha" in (caught.value.hint or "")


@pytest.mark.parametrize(
    ("name", "language", "key"),
    [
        (Name("Müller"), "de", "Mueller"),
        (Name("Müller"), "German", "Mueller"),
        (Name("Müller"), None, "Muller"),
        (Name("Ålund"), "da", "Aalund"),
        (Name("Ålund"), "sv", "Alund"),
        (Name("Đoković"), "hr", "Djokovic"),
        (Name("Đặng", "Văn An"), "vi", "Dang"),
        (Name(literal="Nguyễn Văn An"), None, "Nguyen"),
        (Name(literal="Nguyen Van An"), "vi", "Nguyen"),
        (Name(literal="Nguyen Van An"), None, "An"),
        (Name(literal="Hoàng Thị Ánh"), None, "Hoang"),
        (Name(literal="Muhammad Rizki Dwi Pratama"), "id", "Pratama"),
        (Name(literal="Sukarno"), "id", "Sukarno"),
        (Name(literal="Siti Aminah, S.Pd., M.Pd."), "id", "Aminah"),
        (Name(literal="王小明"), None, "Wang"),
        (Name(literal="欧阳修"), None, "OuYang"),
        (Name("王", "小明"), "zh", "Wang"),
        (Name("やまだ"), "ja", "yamada"),
        (Name("ヤマダ"), "ja", "yamada"),
        (Name(literal="김철수"), None, "Gim"),
        (Name("Щербаков"), "ru", "Shcherbakov"),
        (Name("Гончар"), "uk", "Honchar"),
        (Name("Гончар"), "ru", "Gonchar"),
        (Name("Щерев"), "bg", "Shterev"),
        (Name("Папαδάκης"), None, "Papadakis"),
    ],
)
def test_names_of_many_languages(name: Name, language: str | None, key: str) -> None:
    description = Description(author=(name,), language=language)
    assert make_key(description, "auth") == key
    assert make_key(description, "[auth]") == key
    assert make_key(description) == key.lower()


def test_indonesian_titles_leave_out_their_own_little_words() -> None:
    work = Description(title="Pengaruh dan dampak untuk yang terlupakan")
    assert make_key(work, "shorttitle(3,3)") == "PengaruhDampakTerlupakan"
    assert make_key(work, "[shorttitle]") == "Pengaruhdampakterlupakan"


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("[.]etal", "a.etal", ".etal"),
        (r"\s+", "a  b", "  "),
        ("^ab|b$", "cb", "b"),
        ("a{2}", "baab", "aa"),
        (r"\.", "a.b", "."),
        ("[^a-z]", "aB", "B"),
        ("a*b", "aab", "aab"),
        ("[[&&~~]", "x[", "["),
    ],
)
def test_safe_patterns_find_what_regular_expressions_find(
    pattern: str, text: str, found: str
) -> None:
    match = safe_pattern(pattern).search(text)
    assert match is not None
    assert match.group() == found


@pytest.mark.parametrize("pattern", ["(a)", "(a+)+", r"\1", "a**", "*a", "a" * 300, "[a", r"\p{L}"])
def test_what_could_run_away_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        safe_pattern(pattern)


@settings(max_examples=25, deadline=None)
@given(st.text("ab.*+?[]^$|{}1,\\- ", max_size=20))
def test_no_pattern_takes_long(pattern: str) -> None:
    try:
        safe = safe_pattern(pattern)
    except ValueError:
        return
    # `.+1` looks from every letter to the end: the square of a key's length, and no power more.
    assert_grows_linearly(lambda size: safe.sub("", "ab" * size), 50, times=4, slack=6)


_ALPHABET = "auth.lowershtie+()'\"[]{}|:;,/ 123_=-"


@settings(max_examples=200, deadline=None)
@given(st.one_of(st.text(_ALPHABET, max_size=40), st.text(max_size=30)))
def test_any_text_is_a_template_or_an_error_that_is_told(template: str) -> None:
    try:
        key = make_key(WORK, template)
    except UsageError as error:
        key = "" if "position" in error.message else "not told, and no key"
    assert not key or is_valid_key(key)


@settings(max_examples=50, deadline=None)
@given(
    descriptions(),
    st.sampled_from(
        [
            "auth.lower + year + shorttitle(3,3)",
            "authEtAl + title.abbr + journal + DOI + type + keyword(1)",
            "creators(2, etal='x') + date + Title.nopunct.clean || year",
            "[auth][year][shorttitle]",
            "[authorsAlpha][camel:abbr][journal][firstpage][month][keyword1]",
        ]
    ),
)
def test_a_key_is_ascii_and_valid_whatever_comes(description: Description, template: str) -> None:
    key = make_key(description, template)
    assert key.isascii()
    assert is_valid_key(key)
    assert len(key) <= MAX_LENGTH
    assert set(key) <= set(string.ascii_letters + string.digits + "_:.+/-")
    assert make_key(description, template) == key


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40), st.sampled_from([None, "de", "uk", "sr", "vi", "zz"]))
def test_transliteration_gives_ascii(text: str, language: str | None) -> None:
    assert to_ascii(text, language).isascii()


def test_templates_that_are_too_deep_or_too_long() -> None:
    for template in ("(" * 500 + "auth" + ")" * 500, "auth+" * 1000, "[auth]" * 1000):
        with pytest.raises(UsageError):
            check_template(template)


def test_the_documentation_names_every_part() -> None:
    text = (Path(__file__).parents[3] / "docs" / "citation-keys.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[A-Za-z0-9.]+", text))
    formulas = {function.name for function in (*FUNCTIONS.values(), *FILTERS.values())}
    # Those of editors are named by their first ones.
    wanted = {name for name in formulas if not name.startswith(("edtr", "editor"))} - {"localTime"}
    wanted |= {"authorsN", "keywordN", "keywordsN", "truncateN", "auth.etal", "auth.auth.ea"}
    assert wanted <= words


@pytest.mark.parametrize("number", range(4))
def test_what_is_made_of_the_pieces_of_real_templates_is_a_key(number: int) -> None:
    """The templates that people publish, taken as they stand."""
    template, key = [
        ("auth.lower + shorttitle(3, 3) + year", "vanbeethovenEffectivenessInternational"
         "Organization2021"),
        ("authEtal2.fold.condense.prefix(_).replace(find='.etal', replace='EtAl') + year",
         "_vanBeethovenEtAl2021"),
        ("authorsn(n=1,creator='*',initials=false,sep='.').lower + '_' + year.default(nodate)",
         "vanbeethoven.etal_2021"),
        ("[auth:lower]_[veryshorttitle:lower]_[year]", "beethoven_effectiveness_2021"),
    ][number]  # fmt: skip
    assert make_key(WORK, template) == key
