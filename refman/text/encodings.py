"""Which encoding bytes are in that are not UTF-8: as they declare it, or at a guess.

UTF-16 and UTF-32 are known by their marks, UTF-16 also by where its zero bytes stand. BibTeX files
declare an encoding in a comment (`% Encoding: ISO-8859-1`, by JabRef; Emacs's and TeX's lines),
web pages in a `meta` element.
Where nothing is declared, the lines that are not UTF-8 are judged. Western letters stand alone
among ASCII, so of the encodings that have them the one is taken that makes most letters and least
nonsense; for bytes that come in runs charset-normalizer decides among the scripts.

Limits: short Western texts are Windows-1252 where that makes sense of them; encodings that are
wholly ASCII in their bytes (ISO-2022-JP, HZ, UTF-7) are not looked for.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence

DEFAULT = "cp1252"
"""What old exports of the West are in, and what is left when nothing else fits."""

MAX_EVIDENCE = 16 * 1024
"""Most bytes that are judged."""

_LABELS = {
    "cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251",
    "cp1253": "Windows-1253", "cp1254": "Windows-1254", "mac_roman": "Mac Roman",
    "mac_cyrillic": "Mac Cyrillic", "koi8_r": "KOI8-R", "cp932": "Shift JIS", "euc_jp": "EUC-JP",
    "gb18030": "GB 18030", "big5hkscs": "Big5", "cp949": "EUC-KR", "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}  # fmt: skip
WESTERN = ("cp1252", "cp1250", "cp1254", "mac_roman")
"""Encodings in which most letters are ASCII."""
_SCRIPTS = (
    "cp932", "euc_jp", "gb18030", "big5", "cp949", "cp1251", "koi8_r", "mac_cyrillic", "cp1253",
)  # fmt: skip
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"^[ \t]*%[^\n]{0,40}?(?:\bencoding[ \t]*[:=]|-\*-[^\n]{0,40}?coding:)[ \t]*"
    rb"(?:x-)?([A-Za-z][\w.:-]{1,30})",
    re.IGNORECASE | re.MULTILINE,
)
_OF_PAGE = re.compile(
    rb"<meta\s[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([A-Za-z][\w.:-]{1,30})", re.IGNORECASE
)
_SUPERSETS = {
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "ascii": "cp1252", "gb2312": "gb18030",
    "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""What is meant by the names of encodings (as in the WHATWG's Encoding Standard)."""
_ONLY_ASCII_BYTES = re.compile(r"utf.?(?:7|16|32)|iso.?2022|hz|punycode|idna|escape|raw|undefined")
_RUN = re.compile(rb"[\x80-\xff]+")
_LOWER = "áàâäãåæçéèêëíìîïñóòôöõøœßúùûüý"
_USUAL = frozenset(_LOWER + _LOWER.upper() + "“”‘’„–—…«»°©®™€£§·•ªº¿¡±×µ½¼¾\u00a0´")
_CENTRAL = frozenset("ąćęłńśźżčďěňřšťůžőűľĺŕăşĄĆĘŁŃŚŹŻČĎĚŇŘŠŤŮŽŐŰĽĹŔĂŞ")
_LETTERS_OF = {"cp1250": _USUAL | _CENTRAL, "cp1254": _USUAL | frozenset("ğışĞİŞ")}
_MOST_USED = frozenset(
    # Simplified and traditional Chinese
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反明看原又利比或但"
    "质气第向道命此变条只没结解问意建月公无系情者最立代想已通并提直题程展五果料象员位入常文总次品式活设及"
    "管特件长求基资边流路级少图山统接知较将组见计别手角期根论运农指几九区强放决西被做必战先回则任取据处南"
    "给色光门即保治北造百规热领七海口东导器压志世金增争济阶思术极交受联认六共权收证改清美再转更单风切教速"
    "花带安场身车例真务具万每目至达走积示议声报完类八离华名确才科张信节话米整空元况今集温传土许步群广石记"
    "需段研界律究观越织装影算低持音书布复容际商非验连断深难近千周委素技备半办青省列习响约支般史感便团历市"
    "构府称准精值号率族维划选标写存候亲快效斯院查江型王按格养易置层片始专状育识适属包住调满县局照参红细引"
    "测试刊报院湖京杭综述网络智能估评模型算城乡村村环境护临床肺癌细胞基因疗患者"
    "學國時來們會發動產種經進電實體業應開還與關線數質氣變條沒結問題長資邊級圖統較將組見計別論運農區戰處給"
    "門規熱領東導壓爭濟階術極聯認權證轉單風帶場車務達積議聲報類離華確張節話溫傳許廣記觀織裝書複際驗連斷難"
    "備辦習響約團歷構稱準號維劃選標寫親養層專狀識適屬滿縣參紅細臺灣師醫護綜評價環護"
    # Japanese
    "のにをはがとでたしてるいなれさかっらりものこまあおよすきくけそちつてどねひふへほみむめもやゆろわんじぜぞだ"
    "びぶべばぱょゃゅーアイウエオカキクケコサシスセソタチツテトナニノハヒフヘホマミムメモヤラリルレロワンガギグゲ"
    "ゴザジズデドバビブボパピプポャュョッ・、。「」研究日本法学会年大報性化分析検討関東京都"
    # Korean
    "이다는의에을를가한고기사인지도자로대해어리시은나서과부전정하스수아그일제보라원구성조상장주동공비유경여방"
    "위연안선발학생관계문화교회중적국신민영소세만물개분치용무실내모우진식심행법산미당현업통합최설책결석향요효"
    "평김박명운재지"
    # Cyrillic
    "оеаинтсрвлкмдпуя"
    # Greek
    "αοιετσνηυρπκμλςάόίέήώύδγχθφω"
)
_TRUSTED = 0.4
_SHARE = 0.15
_BEYOND_ASCII = re.compile("[^\x00-\x7f]")


def label(encoding: str) -> str:
    """An encoding's name as people say it."""
    return _LABELS.get(encoding, encoding.upper())


def marked(head: bytes) -> str | None:
    """The encoding that a byte order mark at the beginning names, but for UTF-8's."""
    return next((encoding for mark, encoding in _MARKS if head.startswith(mark)), None)


def unmarked_utf16(head: bytes) -> str | None:
    """UTF-16 without its mark, by zero bytes at every other place; else None."""
    head = head[: min(len(head), 8192) & ~1]
    pairs = len(head) // 2
    if pairs < 8 or b"\x00" not in head:
        return None
    first, second = head[::2].count(0), head[1::2].count(0)
    few, many = sorted((first, second))
    if 50 * few > many or 5 * many < pairs:
        return None
    encoding = "utf-16-be" if first > second else "utf-16-le"
    text = head.decode(encoding, errors="ignore")
    odd = sum(not (char.isprintable() or char in "\t\r\n\f") for char in text)
    return encoding if 50 * odd <= len(text) else None


def declared(head: bytes) -> str | None:
    """The encoding that a file names in itself, if it is a known one.

    That is a comment at the beginning of BibTeX, or a `meta` element of a web page.
    """
    match = _DECLARED.search(head[:2000]) or _OF_PAGE.search(head[:8000])
    if match is None:
        return None
    name = match[1].decode("ascii").rstrip(".:-")
    try:
        codec = codecs.lookup(name)
        "".encode(codec.name)  # not all codecs are for text
    except (LookupError, ValueError):
        return None
    if _ONLY_ASCII_BYTES.match(codec.name) or codec.name.startswith("utf"):
        return None
    return _SUPERSETS.get(codec.name, codec.name)


def guess(lines: Sequence[bytes]) -> str:
    """The encoding that makes most sense of lines that are not UTF-8."""
    evidence = b"\n".join(lines)[:MAX_EVIDENCE]
    if len(lines) > 1 and len(evidence) == MAX_EVIDENCE and b"\n" in evidence:
        evidence = evidence[: evidence.rindex(b"\n")]
    runs = _RUN.findall(evidence)
    if not runs:
        return DEFAULT
    high = sum(map(len, runs))
    if high < 1.7 * len(runs):
        return _western(evidence)
    return _by_script(evidence) or _western(evidence)


def _by_script(evidence: bytes) -> str | None:
    # Loaded here: hardly any input needs it.
    from charset_normalizer import from_bytes  # noqa: PLC0415

    matches = from_bytes(evidence, cp_isolation=[*_SCRIPTS, *WESTERN])
    best = matches.best()
    if best is None or best.encoding in WESTERN:
        return None
    found = best.encoding
    if best.coherence < _TRUSTED:
        # A text of some words: how usual its characters are says more than how they follow.
        share, usual = max((_usual_share(str(match)), match.encoding) for match in matches)
        found = usual if share >= _SHARE and usual not in WESTERN else found
    return _SUPERSETS.get(found, found)


def _usual_share(text: str) -> float:
    """How many of the characters beyond ASCII are among the most used of their scripts.

    Signs, and capitals within words, count against it.
    """
    found = count = 0
    before = ""
    for char in text:
        if char > "\x7f":
            count += 1
            if char in _MOST_USED:
                found += 1
            elif not char.isalpha() or (char.isupper() and before.islower()):
                found -= 1
        before = char
    return found / count if count else 0.0


def _western(evidence: bytes) -> str:
    return max(WESTERN, key=lambda encoding: _sense(evidence, encoding))


def _sense(evidence: bytes, encoding: str) -> int:
    """How much sense an encoding makes of Western text, less some for each oddity."""
    text = evidence.decode(encoding, errors="replace")
    letters = _LETTERS_OF.get(encoding, _USUAL)
    score = 0
    for match in _BEYOND_ASCII.finditer(text):
        char, before, after = (
            match[0],
            text[match.start() - 1 : match.start()],
            text[match.end() : match.end() + 1],
        )
        if char in letters:
            score += 1
        elif char == "\ufffd" or not char.isalpha():
            score -= 1
        if char.isupper():
            odd = before.isalpha() and (before.islower() or after.islower())
        else:
            odd = before.isalpha() and not char.isalpha() and char not in "’“”‘–—…»\u00a0"
        score -= 2 * odd
    return score
