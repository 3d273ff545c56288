"""The rich-text editor as the desk shows it."""

from django.forms import Media, Script
from django_prose_editor.widgets import AdminProseEditorWidget


class DeskEditorWidget(AdminProseEditorWidget):
    """Speaks the language of the desk: the package translates its dialogs, not its buttons."""

    @property
    def media(self):
        return super().media + Media(js=[Script("desk/editor.js", type="module")])
