"""The rich-text editor as the desk shows it."""

from django.forms import Media, Script
from django.urls import reverse
from django_prose_editor.widgets import AdminProseEditorWidget


class DeskEditorWidget(AdminProseEditorWidget):
    """Speaks the language of the desk: the package translates its dialogs, not its buttons. Takes
    pictures into the library, and reads what is pasted as an import would."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-upload": reverse("admin:articles_picture_upload"),
            "data-choose": reverse("admin:articles_picture_choose"),
            "data-paste": reverse("admin:articles_article_paste"),
        }
        return context

    @property
    def media(self):
        first = Media(
            js=[
                Script(f"desk/{name}.js", type="module") for name in ("editor", "pictures", "paste")
            ],
            css={"all": ["desk/pictures.css", "desk/editor.css"]},
        )
        return first + super().media  # they wait for the editor to say that it is there
