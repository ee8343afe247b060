"""Comparing titles, cleaning them, and bringing capitals back to sentence case."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from refman.text.titles import (
    clean_inline,
    fold,
    is_all_caps,
    plain_abstract,
    recase,
    strip_markup,
)
from tests.growth import assert_grows_linearly

IOM_ABSTRACT = (
    "This study analyzes the effectiveness of the International "
    "Organization for Migration (IOM) as "
    "an intergovernmental organization that focuses on migration issues in combating human "
    "trafficking of Indonesian migrant workers in Malaysia during the Covid-19 pandemic. CTU "
    "activities are based on international organizations working for human security."
)

WITHOUT_EVIDENCE = [
    (
        "HUBUNGAN LINGKUNGAN TERHADAP IMPLEMENTASI KEBIJAKAN KAWASAN TANPA ROKOK DI SMA RAKSANA "
        "MEDAN TAHUN 2018",
        "Hubungan lingkungan terhadap implementasi kebijakan kawasan tanpa rokok di SMA Raksana "
        "Medan tahun 2018",
    ),
    (
        "PENGARUH MODEL PEMBELAJARAN PROBLEM BASED LEARNING (PBL) TERHADAP HASIL BELAJAR IPA SISWA "
        "KELAS V SD NEGERI 1 SUKAMAJU",
        "Pengaruh model pembelajaran Problem Based Learning (PBL) terhadap hasil belajar IPA siswa "
        "kelas V SD Negeri 1 Sukamaju",
    ),
    (
        "STRATEGI PENGEMBANGAN UMKM DI DESA SUKA MAJU KECAMATAN PAKEM "
        "KABUPATEN SLEMAN: STUDI KASUS "
        "PADA BATIK",
        "Strategi pengembangan UMKM di Desa Suka Maju Kecamatan Pakem "
        "Kabupaten Sleman: Studi kasus "
        "pada batik",
    ),
    (
        "PERAN GURU PAI DALAM MEMBENTUK KARAKTER SISWA DI MAN 1 PALANGKA RAYA",
        "Peran guru PAI dalam membentuk karakter siswa di MAN 1 Palangka Raya",
    ),
    (
        "PENERAPAN E-LEARNING DI PERGURUAN TINGGI PADA MASA PANDEMI COVID-19",
        "Penerapan e-learning di perguruan tinggi pada masa pandemi COVID-19",
    ),
    (
        "TINJAUAN HUKUM ISLAM TERHADAP JUAL BELI ONLINE DI KOTA BANDUNG",
        "Tinjauan hukum Islam terhadap jual beli online di Kota Bandung",
    ),
    (
        "PENGARUH ROA, ROE DAN CAR TERHADAP HARGA SAHAM DI BURSA EFEK INDONESIA",
        "Pengaruh ROA, ROE dan CAR terhadap harga saham di Bursa Efek Indonesia",
    ),
    (
        "UPAYA PEMERINTAH DESA DALAM PEMBANGUNAN DESA WISATA",
        "Upaya pemerintah desa dalam pembangunan desa wisata",
    ),
    ("NILAI-NILAI DALAM AL-QUR'AN", "Nilai-nilai dalam Al-Qur'an"),
    ("PERJANJIAN KERJA DI PT TELKOM INDONESIA", "Perjanjian kerja di PT Telkom Indonesia"),
    ("SUKU BUNGA DAN INFLASI DI ASIA TENGGARA", "Suku bunga dan inflasi di Asia Tenggara"),
    ("ANALISIS SEMIOTIKA PADA ABAD KE-19", "Analisis semiotika pada abad ke-19"),
    (
        "THE EFFECT OF VITAMIN C ON DNA DAMAGE IN TYPE-2 DIABETES: A RANDOMISED TRIAL",
        "The effect of vitamin C on DNA damage in type-2 diabetes: A randomised trial",
    ),
    (
        "WORLD WAR II AND THE 21ST CENTURY: WHAT IS NEXT? A REVIEW",
        "World War II and the 21st century: What is next? A review",
    ),
    ("E-LEARNING IN INDONESIA'S HIGHER EDUCATION", "E-learning in Indonesia's higher education"),
    ("EFFECTS OF CO2 AND pH ON SARS-COV-2", "Effects of CO2 and pH on SARS-CoV-2"),
    ("HIV/AIDS AMONG WOMEN IN SOUTH AFRICA", "HIV/AIDS among women in South Africa"),
    ("<i>ESCHERICHIA COLI</i> IN WATER", "<i>Escherichia coli</i> in water"),
    (
        "GROWTH OF <i>BLUMERIA GRAMINIS</i> AND OTHERS <i>IN VITRO</i>",
        "Growth of <i>Blumeria graminis</i> and others <i>in vitro</i>",
    ),
    (
        "CHINESE FOREIGN POLICY IN THE SOUTH CHINA SEA, 2010-2020",
        "Chinese foreign policy in the South China Sea, 2010-2020",
    ),
    ("THE RISE OF CHATGPT: FRIEND OR FOE?", "The rise of ChatGPT: Friend or foe?"),
    (
        "HEPATITIS B INFECTION AMONG HEALTH WORKERS IN EAST JAVA",
        "Hepatitis B infection among health workers in East Java",
    ),
    ("A GROUNDED THEORY OF TRUST", "A grounded theory of trust"),
    ("VITAMIN A DEFICIENCY AMONG CHILDREN", "Vitamin A deficiency among children"),
    ("THE POLITICS OF THE 1990S", "The politics of the 1990s"),
    ("MONEY LAUNDERING VS. TAX EVASION", "Money laundering vs. tax evasion"),
    (
        "ISLAMIC BANKING IN SAUDI ARABIA AND THE UNITED ARAB EMIRATES",
        "Islamic banking in Saudi Arabia and the United Arab Emirates",
    ),
    (
        "POVERTY IN GUNUNGKIDUL REGENCY BEFORE JANUARY 2020",
        "Poverty in Gunungkidul Regency before January 2020",
    ),
    ("R&D SPENDING AND GDP GROWTH IN ASEAN", "R&D spending and GDP growth in ASEAN"),
    ("A CASE REPORT (REVIEW)", "A case report (review)"),
    ("LA POLÍTICA DE LA UNIÓN Y EL ESTADO", "La política de la unión y el estado"),
    ("L'ITALIA E LA STORIA DELLA CINA", "L'Italia e la storia della Cina"),
    ("ÜBER DIE ENTSTEHUNG", "Über die entstehung"),
    (
        "PELAYANAN PASIEN DI RSUD DR. SOETOMO SURABAYA",
        "Pelayanan pasien di RSUD Dr. Soetomo Surabaya",
    ),
    (
        "PELAYANAN DI RSUD PROF. DR. MARGONO SOEKARJO PURWOKERTO",
        "Pelayanan di RSUD Prof. Dr. Margono Soekarjo Purwokerto",
    ),
    ("PELAYANAN DI RSUP DR. M. DJAMIL PADANG", "Pelayanan di RSUP Dr. M. Djamil Padang"),
    (
        "PEMIKIRAN KH. AHMAD DAHLAN TENTANG PENDIDIKAN",
        "Pemikiran KH. Ahmad Dahlan tentang pendidikan",
    ),
    (
        "KINERJA KARYAWAN DI PT. BANK RAKYAT INDONESIA (PERSERO) TBK.",
        "Kinerja karyawan di PT. Bank Rakyat Indonesia (Persero) Tbk.",
    ),
    (
        "PENDAPATAN PETANI DI DAERAH ISTIMEWA YOGYAKARTA",
        "Pendapatan petani di Daerah Istimewa Yogyakarta",
    ),
]

WITH_EVIDENCE = [
    (
        "THE EFFECTIVENESS OF THE INTERNATIONAL ORGANIZATION FOR MIGRATION "
        "(IOM) IN ADDRESSING HUMAN "
        "TRAFFICKING AGAINST INDONESIAN MIGRANT WORKERS IN MALAYSIA POST-COVID-19",
        IOM_ABSTRACT,
        "The effectiveness of the International Organization for Migration "
        "(IOM) in addressing human "
        "trafficking against Indonesian migrant workers in Malaysia post-COVID-19",
    ),
    (
        "HUMAN RESOURCE MANAGEMENT (HRM) AT KODAM JAYA",
        "We look at how human resource management (HRM) is practised within "
        "the unit of Kodam Jaya.",
        "Human resource management (HRM) at Kodam Jaya",
    ),
    (
        "THE NEEDS OF CAREGIVERS IN WESTGATE",
        "We asked forty people who live near Westgate what they need and why they came here.",
        "The needs of caregivers in Westgate",
    ),
    (
        "SMES IN THE EYES OF BKPM",
        "In this paper it is shown that most SMEs depend on what BKPM decides every year.",
        "SMEs in the eyes of BKPM",
    ),
    (
        "AN ATTITUDE TO MARCH",
        "People who march have their own attitude, as we saw on every march we took part in.",
        "An attitude to march",
    ),
    (
        # The first word of a sentence and title case are no evidence; nor is a text in capitals.
        "TEACHERS AND THEIR SCHOOL CULTURE",
        "Teachers matter. Culture does. Teacher Beliefs And School Culture In A Changing World. "
        "KEYWORDS: TEACHERS, CULTURE",
        "Teachers and their school culture",
    ),
    (
        "PROGRAM BKB DAN POSYANDU DI NAGARI",
        "Penelitian ini mengkaji program BKB serta kegiatan posyandu yang ada pada setiap nagari.",
        "Program BKB dan posyandu di nagari",
    ),
]


@pytest.mark.parametrize(("title", "expected"), WITHOUT_EVIDENCE)
def test_recases_by_what_is_known(title: str, expected: str) -> None:
    assert recase(title).text == expected


@pytest.mark.parametrize(("title", "abstract", "expected"), WITH_EVIDENCE)
def test_recases_by_evidence(title: str, abstract: str, expected: str) -> None:
    recased = recase(title, [abstract, "Mediasi: Journal of International Relations"])
    assert recased.text == expected
    assert recased.changed


@pytest.mark.parametrize(
    "title",
    [
        "The effect of DNA",
        "Earmarking Result Of Iease Smoke",
        "SARS-CoV-2",
        "HIV",
        "",
        "2021",
        "中文題名",
        "UNESCO in Paris today",
    ],
)
def test_leaves_other_titles_alone(title: str) -> None:
    recased = recase(title, ["unesco dna hiv"])
    assert recased.text == title
    assert not recased.changed


def test_acronym_in_evidence_in_capitals_counts_only_outside_shouting() -> None:
    assert recase("WORK OF THE NGO BORSA", ["THE BORSA IS HERE AND BORSA WORKS."]).text.endswith(
        "borsa"
    )
    assert recase("WORK OF THE NGO BORSA", ["This is what BORSA does for us."]).text.endswith(
        "BORSA"
    )


@pytest.mark.parametrize(
    ("title", "shouted"),
    [
        ("THE EFFECT OF pH", True),
        ("THE EFFECT", True),
        ("NECROLOGY", True),
        ("<i>ESCHERICHIA COLI</i> GROWTH", True),
        ("SARS-CoV-2", False),
        ("DNA", False),
        ("The EFFECT of X", False),
        ("ÜBER DIE ENTSTEHUNG", True),
        ("12 34", False),
    ],
)
def test_is_all_caps(title: str, shouted: bool) -> None:
    assert is_all_caps(title) is shouted


_WORDS = st.lists(
    st.sampled_from(
        [
            *("THE", "OF", "IN", "KOTA", "SMA", "DESA", "NEGERI", "1", "(IOM)", "COVID-19", ":"),
            *("E-LEARNING", "A", "B", "II", "Indonesia's", "pH", "?", ".", "-", "<i>BAKTERI</i>"),
            *("DNA", "L'HOMME", "ÉTUDE", "MEDAN", "UMKM", "SUKA", "MAJU", "İSTANBUL", "STRASSE"),
        ]
    ),
    max_size=14,
).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(st.one_of(_WORDS, st.text(max_size=60), st.text(max_size=40).map(str.upper)), st.text())
def test_recasing_keeps_the_letters_and_is_done_once(title: str, evidence: str) -> None:
    once = recase(title, [evidence]).text
    assert once.casefold() == title.casefold()
    assert recase(once, [evidence]).text == once


def test_recasing_takes_linear_time() -> None:
    def read(size: int) -> None:
        title = "STUDY OF (IOM) KOTA X " * size
        recase(title, ["Abc Def Ghi of the Jkl (IOM) mno. " * (5 * size)])

    assert_grows_linearly(read, 100)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Effect: of <i>E. coli</i>—a  Study!", "the effect of e coli a study"),
        ("Don't “stop” O’Brien", "dont stop obrien"),
        ("Łódź, São Paulo & Øresund", "lodz sao paulo oresund"),
        ("Straße ﬁve CO₂", "strasse five co2"),
        ("A &amp; B", "a b"),
        ("日本語の題名", "日本語の題名"),
        ("", ""),
    ],
)
def test_fold(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text(max_size=80))
def test_fold_is_stable(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=80))
def test_fold_has_one_meaning_on_both_paths(text: str) -> None:
    if "<" not in text and "&" not in text:
        # A letter with a diacritic takes the slow path; it must fold the rest alike.
        assert fold(text + " é") == (fold(text) + " e").strip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ZrW\n            <sub>2</sub>\n            O\n            <sub>8</sub>",
            "ZrW<sub>2</sub>O<sub>8</sub>",
        ),
        ("CO\n  <sub>2</sub>\n   emission", "CO<sub>2</sub> emission"),
        ("A &lt;i&gt;Foo&lt;/i&gt; &amp;amp; b", "A <i>Foo</i> & b"),
        ("p < 0.05 and n > 3", "p < 0.05 and n > 3"),
        (
            "<jats:italic>E. coli</jats:italic> <scp>DNA</scp>",
            '<i>E. coli</i> <span style="font-variant:small-caps;">DNA</span>',
        ),
        ("un<u>der</u>line <b>bold</b>", "underline <b>bold</b>"),
        ("<i>open and </b>wrong", "open and wrong"),
        ("for all <x> in X", "for all <x> in X"),
        (
            'The <mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mrow>\n'
            "<mml:mi>x</mml:mi>\n<mml:mo>=</mml:mo><mml:mn>2</mml:mn></mml:mrow>"
            "<mml:annotation>x=2</mml:annotation></mml:math> case",
            "The x=2 case",
        ),
        ("AT&T and S&notes", "AT&T and S&notes"),
        ("a\u00a0b\x00c\u00add", "a bcd"),
    ],
)
def test_clean_inline(text: str, expected: str) -> None:
    assert clean_inline(text) == expected


@given(st.lists(st.sampled_from(["<i>", "</i>", "<b>", "</b>", "<sub>", "x", " ", "&lt;"])))
def test_inline_marks_are_balanced(pieces: list[str]) -> None:
    cleaned = clean_inline("".join(pieces))
    for mark in ("i", "b", "sub"):
        assert cleaned.count(f"<{mark}>") == cleaned.count(f"</{mark}>")


def test_strip_markup() -> None:
    assert strip_markup("<i>a</i> &amp; <p>b</p>c < d") == "a &  b c < d"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<jats:title>Abstract</jats:title>\n  <jats:sec><jats:title>Background</jats:title>\n"
            "<jats:p>We &lt; x.</jats:p></jats:sec><jats:p>b <jats:italic>c</jats:italic></jats:p>",
            "Background: We < x.\n\nb c",
        ),
        ("Abstract: what\nfollows", "what follows"),
        ("ABSTRACT The cat", "The cat"),
        ("Abstract interpretation is a theory", "Abstract interpretation is a theory"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("p < 0.05\n\nn > 3", "p < 0.05\n\nn > 3"),
        ("One <i>x</i>\nwrapped.\n\nTwo.", "One x wrapped.\n\nTwo."),
        ("a<b.\n \nTwo.", "a<b.\n\nTwo."),
        ("<p>H<sub>2</sub>O</p><p></p>", "H2O"),
        ("", ""),
    ],
)
def test_plain_abstract(text: str, expected: str) -> None:
    assert plain_abstract(text) == expected


@pytest.mark.parametrize("piece", ["<", "<a ", "<a b=c ", "&", "<i>", "<mml:math>", "<!--", "&lt;"])
def test_markup_takes_linear_time(piece: str) -> None:
    def read(size: int) -> None:
        text = piece * size
        clean_inline(text)
        plain_abstract(text)
        fold(text)

    assert_grows_linearly(read, 5_000)
