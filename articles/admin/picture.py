"""Pictures at the desk: the library of what was taken in, and taking more in from the editor."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..curation import pictures
from ..models import Picture
from ..text import script
from .audited import AuditedAdmin

OFFERED = 24
"""Pictures of the library that the editor offers at once, the newest first."""

REFUSED = {
    "too-many-bytes": _("The picture has more than %(most)d MB. Save it smaller, then try again."),
    "too-many-pixels": _(
        "The picture has more than %(most)d million pixels. Make it smaller, then try again."
    ),
    "too-small": _("A picture has at least %(least)d pixels on each side."),
    "no-picture": _("This is no JPEG, PNG, WebP or GIF picture."),
    "damaged": _("The picture is damaged and cannot be read. Save it anew, then try again."),
    "in-use": _("A text shows this picture, or an older version of one does. It stays."),
}


def told(error: pictures.Refused) -> str:
    """Return why a picture is refused, for whoever sent it."""
    return str(REFUSED[error.code]) % error.told


class Used(admin.SimpleListFilter):
    title = _("where it is used")
    parameter_name = "used"

    def lookups(self, request, model_admin):
        return [("yes", _("shown in a text")), ("no", _("shown nowhere"))]

    def queryset(self, request, queryset):
        if self.value() in ("yes", "no"):
            return queryset.filter(uses__gt=0) if self.value() == "yes" else queryset.filter(uses=0)
        return queryset


class Described(admin.SimpleListFilter):
    title = _("description")
    parameter_name = "described"

    def lookups(self, request, model_admin):
        return [("no", _("without a description"))]

    def queryset(self, request, queryset):
        return queryset.filter(alt="") if self.value() == "no" else queryset


@admin.register(Picture)
class PictureAdmin(AuditedAdmin):
    list_display = ["shown", "described", "room", "used_in", "added_by", "added_at"]
    list_display_links = ["shown", "described"]
    list_filter = [Used, Described]
    list_select_related = ["added_by"]
    list_per_page = 50
    show_full_result_count = False
    search_fields = ["name", "alt"]
    fields = ["whole", "alt", "name", "room", "where", "added_by", "added_at"]
    readonly_fields = ["whole", "name", "room", "where", "added_by", "added_at"]
    actions = None  # each is looked at before it goes
    empty_state = _(
        "There is no picture yet. Add some here, or put one into a text: by its button, by pasting "
        "it, or by drawing it there."
    )

    class Media:
        css = {"all": ["desk/desk.css", "desk/pictures.css"]}

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .annotate(
                uses=Count("articles", distinct=True)
                + Count("covers", distinct=True)
                + Count("portraits", distinct=True)
            )
        )

    def get_search_results(self, request, queryset, search_term):
        both = [search_term, *(script.convert(search_term, to) for to in script.SCRIPTS)]
        found = Q()
        for one in dict.fromkeys(both):
            found |= Q(alt__icontains=one) | Q(name__icontains=one)
        return (queryset.filter(found) if search_term else queryset), False

    def get_urls(self):
        own = [
            path(
                "upload/",
                self.admin_site.admin_view(self.upload),
                name="articles_picture_upload",
            ),
            path(
                "choose/",
                self.admin_site.admin_view(self.choose),
                name="articles_picture_choose",
            ),
        ]
        return [*own, *super().get_urls()]

    def has_delete_permission(self, request, obj=None):
        in_use = obj is not None and obj.is_used
        return super().has_delete_permission(request, obj) and not in_use

    def delete_model(self, request, obj):
        pictures.delete(obj)

    def add_view(self, request, form_url="", extra_context=None):
        """Take in one picture or several at once; each that is refused is told with its reason."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            files = request.FILES.getlist("files")
            if not files:
                self.message_user(request, _("Choose the pictures first."), messages.WARNING)
                return redirect(request.path)
            taken = 0
            for file in files:
                try:
                    pictures.keep(file.read(pictures.MOST_BYTES + 1), file.name, request.user)
                except pictures.Refused as error:
                    self.message_user(request, f"{file.name}：{told(error)}", messages.ERROR)
                else:
                    taken += 1
            if taken:
                done = ngettext(
                    "%d picture is in the library.", "%d pictures are in the library.", taken
                )
                self.message_user(request, done % taken, messages.SUCCESS)
                return redirect("admin:articles_picture_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Add pictures"),
            "opts": self.opts,
            "media": self.media,
            "most": pictures.MOST_BYTES // 1024 // 1024,
        }
        return TemplateResponse(request, "admin/articles/add_pictures.html", context)

    def upload(self, request: HttpRequest) -> HttpResponseBase:
        """Take in a picture for a text that is being written."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        file = request.FILES.get("file")
        if file is None:
            return JsonResponse({"error": str(REFUSED["no-picture"])}, status=400)
        try:
            data = file.read(pictures.MOST_BYTES + 1)
            made = pictures.keep(data, file.name, request.user, request.POST.get("alt", "").strip())
        except pictures.Refused as error:
            return JsonResponse({"error": told(error)})  # a failure would stand in the console too
        return JsonResponse(_offer(made))

    def choose(self, request: HttpRequest) -> JsonResponse:
        """Offer pictures of the library for a text, the newest, or those a word finds."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Picture.objects.order_by("-added_at", "-pk")
        found, _more = self.get_search_results(
            request, rows, request.GET.get("q", "").strip()[:100]
        )
        return JsonResponse({"pictures": [_offer(one) for one in found[:OFFERED]]})

    @admin.display(description=_("picture"))
    def shown(self, picture):
        return format_html(
            '<img class="thumbnail" src="{}" alt="{}" loading="lazy">', picture.thumbnail, picture
        )

    @admin.display(description=_("picture"))
    def whole(self, picture):
        return format_html(
            '<img class="whole-picture" src="{}" alt="{}" width="{}" height="{}">',
            *(picture.address, picture, picture.width, picture.height),
        )

    @admin.display(description=_("description"), ordering="alt")
    def described(self, picture):
        return picture.alt or format_html('<span class="badge in_review">{}</span> {}',
                                          _("no description"), picture.name)  # fmt: skip

    @admin.display(description=_("size"))
    def room(self, picture):
        return f"{picture.width} × {picture.height}，{max(1, picture.size // 1024)} KB"

    @admin.display(description=_("shown in"), ordering="uses")
    def used_in(self, picture):
        return picture.uses or "–"

    @admin.display(description=_("shown in"))
    def where(self, picture):
        rows = picture.articles.order_by("-pk").values_list("pk", "title")[:100]
        lines = [(reverse("admin:articles_article_change", args=[pk]), title) for pk, title in rows]
        lines += [
            (reverse("admin:articles_collection_change", args=[one.pk]), f"{one}（{_('cover')}）")
            for one in picture.covers.all()
        ]
        lines += [
            (reverse("admin:articles_author_change", args=[one.pk]), f"{one}（{_('portrait')}）")
            for one in picture.portraits.all()
        ]
        if not lines:
            return _now("No text shows it. It may be deleted.")
        return format_html(
            "<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', lines)
        )


def _offer(picture: Picture) -> dict:
    return {
        "address": picture.address,
        "thumbnail": picture.thumbnail,
        "alt": picture.alt,
        "name": picture.name,
    }
