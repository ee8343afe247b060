"""What stops refman, as a tree.

    RefmanError
    ├── UsageError          a call that cannot be meant: an unknown field, format, query syntax
    ├── ConfigError         a configuration that cannot be read or makes no sense
    ├── PluginError
    │   ├── PluginNotFound  no importer, exporter or source has that name
    │   └── PluginBroken    it is installed but does not load
    ├── InputError          a file that cannot be read at all, or written
    │   └── UnknownFormat   no importer recognises it
    ├── EditConflict        somebody else has changed the same field meanwhile
    ├── NotFoundError       no work answers to a key, DOI or query
    ├── StoreError          the library cannot be used
    │   ├── StoreMissing    there is none, or it cannot be opened or created
    │   ├── StoreDamaged    the file is not a library, or no longer a sound one
    │   ├── StoreLocked     another process has held it for too long
    │   ├── StoreReadOnly   it can be read but not changed
    │   └── StoreTooNew     a newer refman wrote it
    └── SourceError         a source of records that cannot be asked
        ├── SourceUnavailable  it does not answer, or offline work was asked for
        │   └── SourceErred    it answers, but each time with an error of its own
        └── SourceRefused      it answers that it will not serve us

Errors carry a sentence and, where there is a way out, a hint. They know nothing of colours, exit
codes or terminals: `refman.cli.diagnostics` gives them those. One bad entry in a file is no
error at all but a `refman.ports.Problem`.
"""

from __future__ import annotations


class RefmanError(Exception):
    """Something that stops the whole of what was asked for.

    `message` is one sentence for a person; `hint`, if any, is what that person can do about it.
    """

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(RefmanError):
    """A call that cannot be meant."""


class ConfigError(RefmanError):
    """A configuration that cannot be read or makes no sense."""


class PluginError(RefmanError):
    """An importer, exporter or source that cannot be had."""


class PluginNotFound(PluginError):
    """No plug-in of that kind has that name."""


class PluginBroken(PluginError):
    """A plug-in is installed but does not load."""


class InputError(RefmanError):
    """A file that cannot be read at all, or written."""


class UnknownFormat(InputError):
    """No importer recognises the input."""


class EditConflict(RefmanError):
    """A field was changed by somebody else after it was shown, and before it was saved."""


class NotFoundError(RefmanError):
    """No work answers to a key, a DOI or a query."""


class StoreError(RefmanError):
    """The library cannot be used."""


class StoreMissing(StoreError):
    """There is no library there, or it cannot be opened or created."""


class StoreDamaged(StoreError):
    """The file is not a library, or no longer a sound one."""


class StoreLocked(StoreError):
    """Another process has held the library for too long."""


class StoreReadOnly(StoreError):
    """The library can be read but not changed."""


class StoreTooNew(StoreError):
    """A newer refman wrote the library."""


class SourceError(RefmanError):
    """A source of records that cannot be asked."""


class SourceUnavailable(SourceError):
    """It does not answer, or we were told to stay offline."""


class SourceErred(SourceUnavailable):
    """It answers, but each time with an error of its own, or with what is broken or too large.

    A smaller question may do better.
    """


class SourceRefused(SourceError):
    """It answers that it will not serve us."""
