"""What LaTeX's commands stand for, both ways.

The commands that bibliographies are full of are listed here; for the rest the tables of
pylatexenc are asked, and loaded only then.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    "u": "\u0306",
    ".": "\u0307",
    '"': "\u0308",
    "h": "\u0309",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "textcommabelow": "\u0326",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
}
"""Accent commands and the combining characters they set."""

LETTERS = {
    "ss": "ß",
    "SS": "ẞ",
    "ae": "æ",
    "AE": "Æ",
    "oe": "œ",
    "OE": "Œ",
    "o": "ø",
    "O": "Ø",
    "aa": "å",
    "AA": "Å",
    "l": "ł",
    "L": "Ł",
    "i": "ı",
    "j": "ȷ",
    "dh": "ð",
    "DH": "Ð",
    "th": "þ",
    "TH": "Þ",
    "dj": "đ",
    "DJ": "Đ",
    "ng": "ŋ",
    "NG": "Ŋ",
}

SYMBOLS = LETTERS | {
    "&": "&",
    "%": "%",
    "$": "$",
    "#": "#",
    "_": "_",
    "{": "{",
    "}": "}",
    " ": " ",
    "\n": " ",
    ",": "\u2009",
    ";": " ",
    ":": " ",
    "!": "",
    "/": "",
    "-": "",
    "@": "",
    "\\": " ",
    "newline": " ",
    "linebreak": " ",
    "par": "\n",
    "quad": " ",
    "qquad": " ",
    "space": " ",
    "relax": "",
    "protect": "",
    "xspace": "",
    "null": "",
    "slash": "/",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textasciigrave": "`",
    "textquotesingle": "'",
    "textbar": "|",
    "textless": "<",
    "textgreater": ">",
    "textunderscore": "_",
    "textdollar": "$",
    "textbraceleft": "{",
    "textbraceright": "}",
    "lbrace": "{",
    "rbrace": "}",
    "textendash": "–",
    "textemdash": "—",
    "textquoteleft": "‘",
    "textquoteright": "’",
    "textminus": "−",
    "textperiodcentered": "·",
    "textquotedbl": '"',
    "textquotedblleft": "“",
    "textquotedblright": "”",
    "quotedblbase": "„",
    "glqq": "„",
    "grqq": "“",
    "flqq": "«",
    "frqq": "»",
    "ldots": "…",
    "dots": "…",
    "textellipsis": "…",
    "textdegree": "°",
    "degree": "°",
    "copyright": "©",
    "pounds": "£",
    "euro": "€",
    "S": "§",
    "P": "¶",
    "LaTeX": "LaTeX",
    "LaTeXe": "LaTeX2e",
    "TeX": "TeX",
    "BibTeX": "BibTeX",
    "ConTeXt": "ConTeXt",
    "AmSTeX": "AMS-TeX",
    "thinspace": "\u2009",
    "XeTeX": "XeTeX",
    "LuaTeX": "LuaTeX",
    "AmS": "AMS",
    "hyphen": "-",
    "textrightarrow": "→",
    "textmu": "µ",
}
"""Commands without an argument and the text they set."""

ITALIC = ("<i>", "</i>")
BOLD = ("<b>", "</b>")
SUPERSCRIPT = ("<sup>", "</sup>")
SUBSCRIPT = ("<sub>", "</sub>")
SMALL_CAPITALS = ('<span style="font-variant:small-caps;">', "</span>")
_PLAIN = ("", "")
_PLAIN_COMMANDS = "text textrm textsf texttt textup textmd textnormal mbox hbox underline uline ul"
_PLAIN_SWITCHES = (
    "rm tt sf rmfamily ttfamily sffamily normalfont upshape mdseries small footnotesize "
    "scriptsize normalsize large"
)

WRAPPERS = {
    "emph": ITALIC,
    "textit": ITALIC,
    "textsl": ITALIC,
    "mkbibemph": ITALIC,
    "mkbibitalic": ITALIC,
    "textbf": BOLD,
    "mkbibbold": BOLD,
    "textsuperscript": SUPERSCRIPT,
    "mkbibsuperscript": SUPERSCRIPT,
    "textsubscript": SUBSCRIPT,
    "mkbibsubscript": SUBSCRIPT,
    "textsc": SMALL_CAPITALS,
    "enquote": ("“", "”"),
    "mkbibquote": ("“", "”"),
} | dict.fromkeys(_PLAIN_COMMANDS.split(), _PLAIN)
"""Commands with one argument that is text, and what goes around it."""

SWITCHES = (
    dict.fromkeys(("em", "it", "itshape", "sl", "slshape"), ITALIC)
    | dict.fromkeys(("bf", "bfseries"), BOLD)
    | dict.fromkeys(("sc", "scshape"), SMALL_CAPITALS)
    | dict.fromkeys(_PLAIN_SWITCHES.split(), _PLAIN)
)
"""Commands that hold until their group ends."""

RAW_ARGUMENT = frozenset({"url", "nolinkurl", "path"})
"""Commands whose argument is no LaTeX."""
DISCARDED = frozenset({"noopsort", "SortNoop", "vspace", "hspace", "phantom", "label"})
"""Commands that, with their argument, set nothing: BibTeX files use them to steer sorting."""

MARKS = {
    "<i>": "\\textit{",
    "<b>": "\\textbf{",
    "<sup>": "\\textsuperscript{",
    "<sub>": "\\textsubscript{",
    '<span style="font-variant:small-caps;">': "\\textsc{",
    '<span style="font-variant: small-caps;">': "\\textsc{",
}
"""CSL's opening marks as LaTeX."""

_COMMAND_OF_ACCENT = {mark: command for command, mark in ACCENTS.items()}
_COMMAND_OF_LETTER = {letter: command for command, letter in LETTERS.items()}
_COMMAND_OF_SIGN = {
    "\u00a0": "~",
    "§": "{\\S}",
    "¶": "{\\P}",
    "©": "{\\copyright}",
    "…": "{\\ldots}",
    "\u2009": "\\,",
    "‐": "{\\char45}",
    "−": "{\\textminus}",
    "·": "{\\textperiodcentered}",
    "′": "{\\ensuremath{'}}",
    "∗": "{\\ensuremath{\\ast}}",
    "Å": "{\\AA}",
    "å": "{\\aa}",
    "‘": "{\\textquoteleft}",
    "’": "{\\textquoteright}",
}


@lru_cache(maxsize=4096)
def symbol(command: str) -> str | None:
    """The text that a command without argument sets, or None for a command we do not know."""
    known = SYMBOLS.get(command)
    if known is not None:
        return known
    if not command.isalpha():
        return None
    return _library_symbols().get(command)


@lru_cache(maxsize=1)
def _library_symbols() -> dict[str, str]:
    """The symbol commands of pylatexenc, and its encoding table turned round."""
    from pylatexenc.latex2text import get_default_latex_context_db  # noqa: PLC0415
    from pylatexenc.latexencode import get_builtin_uni2latex_dict  # noqa: PLC0415

    table: dict[str, str] = {}
    for code, latex in get_builtin_uni2latex_dict().items():
        command = latex.removeprefix("\\ensuremath{").removesuffix("}").removeprefix("\\")
        if command.isalpha() and command.isascii() and latex.startswith("\\"):
            table.setdefault(command, chr(code))
    for spec in get_default_latex_context_db().iter_macro_specs():
        text = spec.simplify_repl
        if isinstance(text, str) and text and "%" not in text and len(text) <= 2:
            table[spec.macroname] = unicodedata.normalize("NFC", text)
    return table


@lru_cache(maxsize=8192)
def candidates(char: str) -> tuple[str, ...]:
    """The ways in which LaTeX can set a character outside ASCII, the best first.

    The last one, `\\symbol`, works for any character in engines that read Unicode.
    """
    found = []
    if char in _COMMAND_OF_SIGN:
        found.append(_COMMAND_OF_SIGN[char])
    if char in _COMMAND_OF_LETTER:
        found.append(f"{{\\{_COMMAND_OF_LETTER[char]}}}")
    accented = _accented(char)
    if accented:
        found.append(accented)
    found.extend(_from_library(char))
    found.append(f"{{\\symbol{{{ord(char)}}}}}")
    return tuple(found)


def _accented(char: str) -> str | None:
    base, *marks = list(unicodedata.normalize("NFD", char))
    if not marks or not (base.isascii() and base.isalpha()):
        return None
    latex = base
    for number, mark in enumerate(marks):
        command = _COMMAND_OF_ACCENT.get(mark)
        if command is None:
            return None
        argument = f"{{{latex}}}" if number or command.isalpha() else latex
        latex = f"\\{command}{argument}"
    return f"{{{latex}}}"


def _from_library(char: str) -> list[str]:
    from pylatexenc.latexencode import get_builtin_uni2latex_dict  # noqa: PLC0415

    latex = get_builtin_uni2latex_dict().get(ord(char))
    if latex is None or not latex.startswith("\\"):
        return []
    return [f"{{{latex}}}"]
