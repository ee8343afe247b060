"""`refman formats`."""

from __future__ import annotations

import click

from refman import plugins
from refman.cli.diagnostics import Exit, report
from refman.cli.render import json_text
from refman.errors import PluginBroken
from refman.ports import Exporter, Importer


@click.command("formats")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def formats_command(*, as_json: bool) -> int:
    """List the formats that can be read and written, built in and from plug-ins."""
    status = Exit.DONE
    rows: dict[str, dict[str, object]] = {}
    for kind, group, found in (
        ("import", "refman.importers", plugins.importers()),
        ("export", "refman.exporters", plugins.exporters()),
    ):
        for name, plugin in found:
            if isinstance(plugin, PluginBroken):
                report(plugin)
                status = Exit.PARTLY
                continue
            row = rows.setdefault(name, _row(plugin))
            row[kind] = True
            row["from"] = plugins.distribution(group, name)
    formats = [rows[name] for name in sorted(rows)]
    if as_json:
        click.echo(json_text(formats))
        return status
    for row in formats:
        ways = "".join(
            way if row[kind] else " -"[0] for kind, way in (("import", "r"), ("export", "w"))
        )
        click.echo(f"{row['name']:<16} {ways:<3} {row['label']:<28} {row['description']}")
    return status


def _row(plugin: Importer | Exporter) -> dict[str, object]:
    info = plugin.info
    return {
        "name": info.name,
        "label": info.label,
        "description": info.description,
        "extensions": list(info.extensions),
        "import": False,
        "export": False,
    }
