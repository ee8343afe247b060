"""Guessing encodings: how often it is right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

from refman.text.encodings import declared, guess, unmarked_utf16

TITLES = {
    "Japanese": """マイクロ波レーダーによる睡眠時呼吸計測の検討
日本語教育における読解指導の研究
地域医療と高齢者の生活の質に関する調査
深層学習を用いた画像認識の手法
経済成長と環境政策の関係について
後藤 眞二
高等学校における数学教育の改善""",
    "Chinese": """模糊测试技术研究
基于深度学习的图像识别方法综述
中国经济增长的动力与结构转型
城市化进程中的土地利用变化及其生态效应
高校图书馆信息服务模式的创新
新型冠状病毒肺炎的临床特征分析
张三, 李四, 王五
农村留守儿童心理健康问题的调查""",
    "Chinese in Taiwan": """臺灣高等教育政策之研究
以深度學習為基礎的影像辨識方法
國民小學教師專業發展之探討
數位典藏與圖書館資訊服務
醫院護理人員工作壓力與離職傾向之研究
王小明, 陳美玲""",
    "Korean": """한국 경제의 구조 변화에 관한 연구
청소년의 스마트폰 중독과 우울의 관계
인공지능 기반 의료 영상 분석 방법
대학 도서관 이용자 만족도 조사
김철수, 이영희, 박민수
노인의 사회참여와 삶의 질""",
    "Russian": """Развитие бесконфликтного образовательного пространства
Экономический рост и структурные изменения в России
Методы машинного обучения в медицинской диагностике
Иванов И. И., Петров П. П.
Вестник Московского университета
ВЛИЯНИЕ КЛИМАТА НА СЕЛЬСКОЕ ХОЗЯЙСТВО""",
    "Western": """L'évolution de la société française depuis la Révolution
Théorie générale des systèmes et modélisation
Müller, Jörg and García, José
Über die Grundlagen der Geometrie
El niño y la educación en América Latina
Etude de la forêt amazonienne — résultats
Ångström, Østergård: Fødevarer på dansk
Uma análise da educação no Brasil: ações e opções""",
    "Central European": """Vývoj české literatury po roce 1989
Říha, Jiří and Dvořák, Šimon
Łukasz Żółkiewski: Zażółć gęślą jaźń
Społeczeństwo polskie w okresie przemian
Magyar nyelvű könyvtárügy: őszi áttekintés""",
    "Turkish": """Türkiye'de eğitim politikaları üzerine bir araştırma
Şahin, Ayşe and Yıldız, Gökhan
Sağlık çalışanlarının iş tatmini""",
    "Greek": """Η εκπαιδευτική πολιτική στην Ελλάδα
Παπαδόπουλος, Γεώργιος
Μελέτη της ελληνικής γλώσσας""",
}
ENCODINGS = {
    "Japanese": ("cp932", "euc_jp"),
    "Chinese": ("gb18030",),
    "Chinese in Taiwan": ("big5",),
    "Korean": ("euc_kr",),
    "Russian": ("cp1251", "koi8_r", "mac_cyrillic"),
    "Western": ("cp1252", "mac_roman"),
    "Central European": ("cp1250",),
    "Turkish": ("cp1254",),
    "Greek": ("cp1253",),
}
ENTRIES = (1, 5, 30)
FILES_OF_A_KIND = 20


def made_files() -> Iterator[tuple[str, bytes, str]]:
    """An encoding, the lines of a file in it that are not ASCII, and the text that they are."""
    draw = random.Random(1)
    for language, titles in TITLES.items():
        listed = titles.split("\n")
        for encoding in ENCODINGS[language]:
            for entries in ENTRIES:
                for _ in range(FILES_OF_A_KIND):
                    lines = []
                    for _ in range(entries):
                        lines.append(f"  author = {{{draw.choice(listed)}}},")
                        lines.append(f"  title = {{{draw.choice(listed)}}},")
                    data = "\n".join(lines).encode(encoding, "ignore")
                    yield encoding, data, data.decode(encoding)


def test_encodings_are_guessed_right_in_99_of_100_files() -> None:
    wrong: Counter[str] = Counter()
    count = 0
    for encoding, data, text in made_files():
        count += 1
        odd = [line for line in data.split(b"\n") if not line.isascii()]
        found = guess(odd)
        if data.decode(found, "replace") != text:
            wrong[f"{encoding} as {found}"] += 1
    assert count == 780
    assert wrong.total() <= 0.01 * count, wrong


def test_nothing_beyond_ascii_is_no_riddle() -> None:
    assert guess([]) == guess([b"plain"]) == "cp1252"


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        (b"% Encoding: ISO-8859-1\n", "cp1252"), (b"% Encoding: Cp1252\n", "cp1252"),
        (b"%% Created with JabRef\n% Encoding: x-MacRoman\n", "mac-roman"),
        (b"% Encoding: SJIS\n", "cp932"), (b"% Encoding: UTF-8\n", None),
        (b'<html><meta charset="koi8-r">', "koi8-r"), (b"Encoding: latin-1\n", None),
        (b"% Encoding: nonsense\n", None), (b"", None), (b"% Encoding: \n", None),
    ],
)  # fmt: skip
def test_declarations(head: bytes, encoding: str | None) -> None:
    assert declared(head) == encoding


def test_utf_16_shows_by_its_zero_bytes() -> None:
    assert unmarked_utf16("a plain title, é".encode("utf-16-le")) == "utf-16-le"
    assert unmarked_utf16("a plain title, é".encode("utf-16-be")) == "utf-16-be"
    assert unmarked_utf16(bytes(range(256)) * 8) is None
    assert unmarked_utf16(b"a\x00b") is None
    assert unmarked_utf16(b"\x00" * 100) is None
