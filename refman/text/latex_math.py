"""Formulas that plain text with subscripts and superscripts can express."""

from __future__ import annotations

import re

from refman.text.latex_tables import symbol

_TOKEN = re.compile(r"\\[A-Za-z]+[ ]*|\\[^A-Za-z]|[0-9]+|[A-Za-z]+|.", re.DOTALL)
_OPERATORS = frozenset("+-=<>()/.,:;!|[]*'% ")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_TEXT_NAMES = "mathrm rm text textrm mbox mathit mathsf operatorname"
_MATH_NAMES = """
    frac dfrac tfrac sqrt binom left right big Big bigl bigr hat widehat bar tilde widetilde vec
    dot ddot overline underline overset underset mathbf mathcal mathbb mathfrak mathscr bm
    boldsymbol limits nolimits log ln exp sin cos tan min max sup inf lim det dim ker arg deg mod
    bmod pmod to quad qquad prime
"""
_TEXT_COMMANDS = frozenset(_TEXT_NAMES.split())
_MATH_COMMANDS = frozenset(_MATH_NAMES.split()) | _TEXT_COMMANDS
MAX_FORMULA = 400
_MAX_DEPTH = 4


def express(formula: str) -> str | None:
    """The content of `$…$` as text with `<sub>`, `<sup>` and `<i>`; None where that will not do.

    `_2` becomes a subscript, `\\alpha` its letter, a lone variable italic. Fractions, roots and
    whatever else is more than a line of signs is left to LaTeX.
    """
    if not formula or len(formula) > MAX_FORMULA or formula[0] == " " or formula[-1] in " +-=<>/(":
        return None
    tokens = _TOKEN.findall(formula)
    if " " in formula and any(len(t) > 1 and t.isalpha() for t in tokens):
        return None  # words: more likely two sums of money than a formula
    reader = _Reader(tokens)
    text = reader.sequence(0, italic=True)
    return None if text is None or reader.position != len(tokens) else text


def is_safe_math(formula: str) -> bool:
    """Whether a formula that `express` cannot express may be written to a file as it is.

    It must be evident mathematics, balanced, and of commands that only set signs: text from
    outside must not smuggle `\\input` into somebody's document.
    """
    if not formula.strip() or "\n" in formula:
        return False
    if not any(char in formula for char in "\\^_") or "%" in formula or "#" in formula:
        return False
    for command in _COMMAND.findall(formula):
        if command not in _MATH_COMMANDS and symbol(command) is None:
            return False
    return is_balanced(formula) and "\\\\" not in formula and not formula.endswith("\\")


def is_balanced(text: str) -> bool:
    """Whether every brace has its other half, counted as BibTeX does: backslash or not."""
    if "{" not in text and "}" not in text:
        return True
    depth = 0
    for char in text:
        if char == "{":
            depth += 1
        elif char == "}":
            depth -= 1
            if depth < 0:
                return False
    return depth == 0


class _Reader:
    """Reads a formula's tokens; each method gives None where the formula is not simple."""

    def __init__(self, tokens: list[str]) -> None:
        self.tokens = tokens
        self.position = 0

    def sequence(self, depth: int, *, italic: bool) -> str | None:
        pieces = []
        while self.position < len(self.tokens) and self.tokens[self.position] != "}":
            piece = self.atom(depth, italic=italic)
            if piece is None:
                return None
            pieces.append(piece)
        return "".join(pieces)

    def atom(self, depth: int, *, italic: bool) -> str | None:
        sign = self.tokens[self.position]
        self.position += 1
        if sign.isascii() and sign.isalnum():
            return f"<i>{sign}</i>" if italic and len(sign) == 1 and sign.isalpha() else sign
        if sign in _OPERATORS or not sign.isascii():
            return "′" if sign == "'" else sign
        if sign == "{":
            return self.rest_of_group(depth + 1, italic=italic)
        if sign in ("^", "_"):
            return self.script(sign, depth)
        if sign.startswith("\\"):
            return self.command(sign[1:].rstrip(" "), depth)
        return None

    def script(self, sign: str, depth: int) -> str | None:
        if self.position >= len(self.tokens):
            return None
        argument = self.argument(depth)
        if argument is None or argument == "":
            return None
        if sign == "^" and argument in ("∘", "°"):
            return "°"
        if sign == "^" and argument == "′":
            return "′"
        tag = "sup" if sign == "^" else "sub"
        return f"<{tag}>{argument}</{tag}>"

    def argument(self, depth: int) -> str | None:
        sign = self.tokens[self.position]
        if sign == "{":
            self.position += 1
            return self.rest_of_group(depth + 1, italic=False)
        if len(sign) > 1 and sign.isalnum():
            # TeX takes one character: x^10 is x to the 1, then 0.
            self.tokens[self.position] = sign[1:]
            return sign[0]
        if sign in ("^", "_", "}"):
            return None
        return self.atom(depth, italic=False)

    def rest_of_group(self, depth: int, *, italic: bool) -> str | None:
        if depth > _MAX_DEPTH:
            return None
        text = self.sequence(depth, italic=italic)
        if text is None or self.position >= len(self.tokens):
            return None
        self.position += 1
        return text

    def command(self, name: str, depth: int) -> str | None:
        if name in _TEXT_COMMANDS:
            if self.position >= len(self.tokens):
                return None
            if name == "rm" and self.tokens[self.position] != "{":
                return self.sequence(depth, italic=False)
            return self.argument(depth)
        if name == "prime":
            return "′"
        text = symbol(name)
        return text if text is not None and len(text) <= 2 and text != "\n" else None
