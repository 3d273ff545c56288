"""Check that no record was changed; write what others check it with."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from training.sealing import export, faults


class Command(BaseCommand):
    help = (
        "Check every record and seal. With --export, write them to a file that docs/verify.py "
        "checks without this portal: JSON Lines, records first, then seals and keys."
    )

    def add_arguments(self, parser):
        parser.add_argument("--export", type=Path, metavar="FILE", help="write them to a file")

    def handle(self, *, export: Path | None = None, **options):
        found = list(faults())
        for fault in found:
            self.stderr.write(fault)
        if export is not None:
            write(export)
        if found:
            raise CommandError(f"{len(found)} faults found: the records are not what was sealed.")
        self.stdout.write("every record is what was recorded, and every seal is valid")


def write(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for line in export():
            file.write(json.dumps(line, ensure_ascii=False, sort_keys=True) + "\n")
