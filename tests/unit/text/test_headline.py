"""Names of journals in capitals."""

from __future__ import annotations

import pytest

from refman.text.headline import headline


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("APPLIED AND ENVIRONMENTAL MICROBIOLOGY", "Applied and Environmental Microbiology"),
        ("JOURNAL OF PHYSICS-CONDENSED MATTER", "Journal of Physics-Condensed Matter"),
        ("PHYSICS A-OPTICS", "Physics A-Optics"),
        ("COMPTES RENDUS SERIE A", "Comptes Rendus Serie A"),
        ("JOURNAL OF WOMEN'S HEALTH", "Journal of Women's Health"),
        ("O'REILLY & ASSOC INC", "O'Reilly & Assoc Inc"),
        ("BMC BIOINFORMATICS", "BMC Bioinformatics"),
        ("RNA", "RNA"),
        ("ACTA CRYSTALLOGRAPHICA SECTION IV", "Acta Crystallographica Section IV"),
        ("SPRINGER-VERLAG GMBH", "Springer-Verlag GmbH"),
        ("Optical Materials", "Optical Materials"),
        ("", ""),
    ],
)
def test_each_word_gets_a_capital(text: str, expected: str) -> None:
    assert headline(text) == expected


def test_the_abbreviated_title_shows_acronyms() -> None:
    assert headline("AEU-INTERNATIONAL JOURNAL") == "Aeu-International Journal"
    assert headline("AEU-INTERNATIONAL JOURNAL", ["AEU-Int. J."]) == "AEU-International Journal"
    assert headline("AEU-INTERNATIONAL JOURNAL", ["AEU-INT J"]) == "Aeu-International Journal"
