"""Mail what somebody is to know; the desk has workers do this by itself."""

from django.core.management.base import BaseCommand

from articles.curation import notices


class Command(BaseCommand):
    help = "Mail those concerned of a request for review, a decision on one, or a reader's report."

    def add_arguments(self, parser):
        which = parser.add_mutually_exclusive_group(required=True)
        for kind in notices.KINDS:
            which.add_argument(f"--{kind}", type=int, metavar="NUMBER")

    def handle(self, **options):
        kind = next(kind for kind in notices.KINDS if options[kind] is not None)
        went = notices.send(kind, options[kind])
        self.stdout.write("Sent." if went else "Nothing was sent.")
