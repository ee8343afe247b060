"""What the keys of the main screen do, in one table: bindings, palette and help come from it.

A deed is given the main screen, asks what it needs to ask, has it done in a thread, and says what
was done and how to undo it. What a deed raises as `RefmanError` is shown as one sentence.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from refman.tui.deeds import (
    adding,
    changing,
    copying,
    deciding,
    exchanging,
    keeping,
    listing,
    maintaining,
    organising,
    reading,
    showing,
    writing,
)
from refman.tui.pages import TITLES, Tab

if TYPE_CHECKING:
    from refman.tui.screens.main import MainScreen


@dataclass(frozen=True, slots=True)
class Deed:
    """`keys` are Textual's names for them, `label` how the help shows them; `run` does it at once,
    or gives what is to be awaited.
    """

    name: str
    keys: str
    label: str
    title: str
    help: str
    run: Callable[[MainScreen], Awaitable[None] | None]
    in_footer: bool = False


def _unkeyed(
    name: str,
    title: str,
    help: str,  # noqa: A002
    run: Callable[[MainScreen], Awaitable[None] | None],
) -> Deed:
    """A deed that has no usual key, only a place in the palette; `keys.toml` may give it one."""
    return Deed(name, f"no-key-{name}", "Ctrl+P", title, help, run)


GROUPS: Mapping[str, tuple[Deed, ...]] = {
    "Finding": (
        Deed("search", "slash", "/", "Search", "Search as you type", listing.search, True),
        Deed("save_search", "s", "s", "Save search", "Keep the search", keeping.save_search),
        Deed("sort", "z", "z", "Sort", "Sort by the next column", listing.sort),
        Deed("sort_by", "S", "S", "Sort by …", "Sort by any column", maintaining.sort_by),
        Deed("rank", "percent_sign", "%", "Best first", "The best matches first", listing.rank),
        Deed("reverse", "Z", "Z", "Reverse", "Sort the other way round", listing.reverse),
        Deed(
            "back",
            "escape",
            "Esc",
            "Back",
            "Clear search, marks, place; stop enriching",
            listing.back,
        ),
    ),
    "Works": (
        Deed(
            "mark", "space", "Space", "Mark", "Mark or unmark, for what follows", listing.mark, True
        ),
        Deed("mark_all", "asterisk", "*", "Mark all", "Mark all that are listed", listing.mark_all),
        Deed("invert", "exclamation_mark", "!", "Invert marks", "Mark the others", listing.invert),
        Deed("read", "m", "m", "Mark as read", "Mark as read, or unread", reading.toggle_read),
        Deed("copy", "y", "y", "Copy", r"Copy the key, \cite, a reference …", copying.copy),
        Deed("copy_bibtex", "Y", "Y", "Copy BibTeX", "Copy as BibTeX", copying.copy_bibtex),
        Deed("open", "o", "o", "Open", "Open the DOI in the browser", showing.open_page),
        Deed("open_file", "O", "O", "Open file", "Open the attached file", showing.open_file),
        Deed("edit", "E", "E", "Edit", "Edit in a form", writing.edit),
        Deed(
            "edit_bibtex",
            "B",
            "B",
            "Edit BibTeX",
            "Edit as BibTeX in $EDITOR",
            partial(writing.edit_entry, format_name="bibtex"),
        ),
        _unkeyed(
            "edit_csl",
            "Edit CSL-JSON",
            "Edit as CSL-JSON in $EDITOR",
            partial(writing.edit_entry, format_name="csl-json"),
        ),
        _unkeyed("edit_text", "Edit as text", "Edit as lines in $EDITOR", writing.edit_text),
        Deed("add", "A", "A", "Add", "Add by identifier, or by hand", adding.add),
        Deed("tag", "t", "t", "Tag", "Put under a tag", organising.tag),
        Deed("collect", "c", "c", "Collect", "Put in a collection", organising.collect),
        Deed("note", "n", "n", "Note", "Write a note, or go on with it", keeping.note),
        Deed("new_note", "N", "N", "New note", "Write a further note", keeping.new_note),
        Deed("attach", "a", "a", "Attach", "Attach a file", keeping.attach),
        Deed("delete", "d,delete", "d", "Delete", "Delete, after a question", changing.delete),
        Deed("undo", "u", "u", "Undo", "Undo the latest change", changing.undo),
        Deed("redo", "ctrl+r", "Ctrl+R", "Redo", "Do again what was undone", changing.redo),
    ),
    "Places of the sidebar": (
        Deed("rename", "R", "R", "Rename", "Rename tag, collection, search", organising.rename),
        _unkeyed(
            "take_away",
            "Take away",
            "d in the sidebar: take away tag, collection, search",
            organising.take_away,
        ),
    ),
    "Deciding": (
        Deed("review", "r", "r", "Review", "Decide on proposals and mismatches", deciding.review),
        Deed(
            "duplicates",
            "D",
            "D",
            "Duplicates",
            "Compare what looks alike, merge it",
            deciding.settle_duplicates,
        ),
    ),
    "In and out": (
        Deed("import", "i", "i", "Import", "Import a paste or a file", exchanging.bring_in, True),
        Deed("enrich", "e", "e", "Enrich", "Enrich by DOI", exchanging.enrich, True),
        Deed("export", "x", "x", "Export", "Export to a file", exchanging.export, True),
    ),
    "Looking after": (
        _unkeyed("check", "Check", "Find what is missing or doubtful", maintaining.check),
        _unkeyed("rekey", "New citation keys", "Make keys anew", maintaining.rekey),
        _unkeyed("sync", "Sync a file", "Keep a .bib in step", maintaining.sync),
        _unkeyed("style", "Citation style", "Choose the style", maintaining.choose_style),
    ),
    "Screen": (
        Deed("detail", "p", "p", "Details", "Show or hide the details", showing.toggle_detail),
        Deed("to_detail", "enter,l", "Enter", "Read", "Go to the details", showing.to_detail),
        *(
            Deed(
                f"page_{number}",
                str(number),
                str(number),
                f"Page {TITLES[number]}",
                f"Details: {TITLES[number].lower() if number is not Tab.EXPORT else 'BibTeX, RIS'}",
                partial(showing.turn_to, tab=number),
            )
            for number in Tab
        ),
        Deed(
            "page_before",
            "left_square_bracket",
            "[",
            "Page before",
            "The page of the details before",
            partial(showing.turn, step=-1),
        ),
        Deed(
            "page_after",
            "right_square_bracket",
            "]",
            "Next page",
            "The next page of the details",
            partial(showing.turn, step=1),
        ),
        Deed("to_list", "h", "h", "List", "To the list; then to the sidebar", showing.leftwards),
        Deed(
            "wider",
            "less_than_sign",
            "<",
            "Wider details",
            "More room for the details",
            partial(showing.widen, step=5),
        ),
        Deed(
            "narrower",
            "greater_than_sign",
            ">",
            "Narrower details",
            "Less room for the details",
            partial(showing.widen, step=-5),
        ),
        Deed("columns", "C", "C", "Columns", "Choose the columns", listing.columns),
        Deed("sidebar", "b", "b", "Sidebar", "Show or hide the sidebar", showing.toggle_sidebar),
        Deed("other_pane", "tab", "Tab", "Other pane", "Go to the other pane", showing.other_pane),
        Deed("help", "question_mark,f1", "?", "Help", "Show all keys", showing.show_help, True),
        Deed("quit", "q", "q", "Quit", "Leave refman", showing.leave, True),
    ),
}

DEEDS: Mapping[str, Deed] = {deed.name: deed for deeds in GROUPS.values() for deed in deeds}
"""All of them by name."""
