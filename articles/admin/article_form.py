"""The form of an article: what it shows, who may change what with it, and how it is saved."""

import secrets

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelectMultiple, RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db.models import TextChoices
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ..curation import drafts, reviews, revisions
from ..curation.conflicts import Conflict, is_only_merged
from ..curation.other_script import TEXTS, detected
from ..curation.policy import RELEASED
from ..curation.revisions import saved_by_hand
from ..intake.fields_by_hand import body_with_line
from ..models import Article, Author, Redirect, Revision, Source, Status, Tag
from ..models.redirect import as_now
from ..text import html
from .over_flags import confirmed
from .script_choice import InOneScript

HELP = {
    "title": _("As it stands above the text; the other script is made from it."),
    "summary": _("Two or three sentences for lists and search engines; empty: the text's start."),
    "body": _("The text itself. Headings become the outline beside it."),
    "cover": _("A picture of the library, above the text and in lists; none is needed."),
    "status": _("Readers see what is published; everything else stays at the desk."),
    "published_at": _("From when readers see it. Empty: from the moment it is published."),
    "expires_at": _(
        "From then on readers find it no more; it stays here. Empty: it never expires."
    ),
    "stated_date": _("When it was written, as the text says. Unknown: leave it empty."),
    "date_precision": _("How much of that date is known; of a year alone, choose 1 January."),
    "date_is_upload": _("Tick it where the date tells only when a web site put the text up."),
    "source_name": _("The paper, book or web site the text comes from, as citations name it."),
    "source_url": _("Where the original can be read, if it is on the web."),
    "genre": _("What kind of text it is; readers can choose by it. In doubt leave it empty."),
    "original_script": _(
        "The script it was written in; the other one is converted from it. Left empty, it is found "
        "out from the text."
    ),
}
"""What each field of an article is for, in one line."""


class Outcome(TextChoices):
    """What became of a form that was sent, and what its sender is told."""

    UNCHANGED = "unchanged", _("Nothing had changed, and nothing was saved.")
    DRAFT = "draft", _("The draft is saved. Readers see the text as it was.")
    SUBMITTED = "submitted", _("Submitted for review.")
    SAVED = "saved", _("Saved.")
    PUBLISHED = "published", _("Published: this is what readers see now.")


class SelectInOrder(AutocompleteSelectMultiple):
    """A choice of several that shows them in the order they were chosen in."""

    def optgroups(self, name, value, attr=None):
        groups = super().optgroups(name, value, attr)
        place = {str(key): number for number, key in enumerate(value)}
        for _name, options, _index in groups:
            options.sort(key=lambda option: place.get(str(option["value"]), 0))
        return groups


class BylineField(forms.ModelMultipleChoiceField):
    """Authors in the order they sign in."""

    def clean(self, value):
        keys = Redirect.objects.standing(Author, map(str, value or ()), hold=True)
        found = {str(author.pk): author for author in super().clean(keys)}
        return [found[key] for key in keys]

    def has_changed(self, initial, data):
        return [str(key) for key in initial or ()] != [str(key) for key in data or ()]


class ArticleForm(InOneScript):
    """The article, its byline, and its tags chosen from the vocabulary.

    Of an article with a draft over it, the draft. It knows the version it was made from: where
    somebody saved meanwhile, it saves nothing and shows both (`conflict`).
    """

    byline = BylineField(
        Author.objects.all(),
        required=False,
        label=_("authors"),
        help_text=_("In the order of the byline; a name taken out and put in again comes last."),
        widget=RelatedFieldWidgetWrapper(
            SelectInOrder(Article._meta.get_field("authors"), admin.site),
            Article._meta.get_field("authors").remote_field,
            admin.site,
            can_add_related=True,
        ),
    )
    note = forms.CharField(
        label=_("what changed"),
        required=False,
        max_length=300,
        help_text=_("A few words for the list of revisions, if you like."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    review_note = forms.CharField(
        label=_("note to the reviewer"),
        required=False,
        max_length=500,
        help_text=_("Sent with “Submit for review”: what to look at, and why."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    version = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)

    may_publish = may_add_authors = False  # of the user; set by get_form
    by_itself = False  # sent by the form while somebody writes: nothing is asked or decided by it
    conflict: Conflict | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        article = self.instance
        self.was = article.status if article.pk else None
        self.released = self.was in RELEASED
        self.fields["byline"].widget.can_add_related = self.may_add_authors
        if "title" in self.fields:
            self.fields["title"].widget = forms.Textarea(
                attrs={"rows": 1, "maxlength": 200, "placeholder": self.fields["title"].label}
            )
        if "summary" in self.fields:
            self.fields["summary"].widget.attrs["rows"] = 4
        for name in {"published_at", "expires_at"} & self.fields.keys():
            parts = zip(self.fields[name].widget.widgets, (_("day"), _("time of day")), strict=True)
            for widget, part in parts:
                widget.attrs["aria-label"] = f"{self.fields[name].label}: {part}"
        if "status" in self.fields and not self.may_publish:
            # The public state is changed by those who may publish, in the form as in the actions.
            self.fields["status"].choices = [
                choice for choice in Status.choices if choice[0] in (Status.DRAFT, Status.IN_REVIEW)
            ]
        elif "status" in self.fields and self.released:
            self.fields["status"].help_text = _("Taken over with “Publish”; a draft leaves it.")
        elif "status" in self.fields:  # published by its button, never by saving a draft
            offered = [choice for choice in Status.choices if choice[0] != Status.PUBLISHED]
            self.fields["status"].widget.choices = offered
        if article.pk is None:
            self.initial.setdefault("version", f"new-{secrets.token_hex(8)}")
            return
        self.version_now = getattr(article, "version_now", None) or revisions.version(article)
        self.standing = getattr(article, "worked_on", None) or drafts.working_copy(article)
        names = (("byline", "authors"), ("tags", "tags"))
        self.initial |= {name: [key for key, *_names in self.standing[of]] for name, of in names}
        self.initial["version"] = self.version_now

    @cached_property
    def by_hand(self) -> dict:
        """The content as somebody saved it last, by hand: what a form has saved by itself since was
        looked at by nobody. Empty where nobody has saved it."""
        newest = self.instance.revisions.first()
        if newest is None or newest.kind != Revision.Kind.BY_ITSELF:
            return self.standing
        kept = self.instance.revisions.exclude(kind=Revision.Kind.BY_ITSELF)
        last = kept.select_related("text").first()
        return last.text.text if last else {}

    @property
    def title_before(self) -> str:
        """Return the title as somebody saved it last, by hand."""
        return (self.by_hand or self.standing).get("title", "")

    def clean_title(self):
        """Keep a title on one line: its field breaks it where the paper ends."""
        return " ".join(self.cleaned_data["title"].split("\n")).replace("\r", "")

    def clean_summary(self):
        return self.cleaned_data["summary"].replace("\r\n", "\n")

    def clean_body(self):
        """Keep what stands where the editor has only written it in its own way."""
        body = self.cleaned_data["body"]
        stands = self.standing["body"] if self.instance.pk else ""
        return stands if html.is_same(body, stands) else body

    def clean_published_at(self):
        return self._to_the_second("published_at")

    def clean_expires_at(self):
        return self._to_the_second("expires_at")

    def _to_the_second(self, name: str):
        """Keep the seconds of a time nobody changed: the form shows none in some languages."""
        sent, stored = self.cleaned_data[name], getattr(self.instance, name)
        minute = stored and stored.replace(second=0, microsecond=0)
        return stored if sent is not None and sent == minute else sent

    def add_error(self, field, error):
        """Pass over what is wrong with times this user cannot change: whoever publishes sees it."""
        if field is None and hasattr(error, "error_dict") and "expires_at" not in self.fields:
            error.error_dict.pop("expires_at", None)
        super().add_error(field, error)

    def clean(self):
        data = super().clean()
        if self.by_itself:
            own = data.get("original_script") or self.instance.original_script
            data["original_script"] = own or detected({n: data.get(n) or "" for n in TEXTS})
        else:
            self.settle_script(data, self.by_hand if self.instance.pk else {})
        if data.get("date_precision") and not data.get("stated_date"):
            self.add_error(
                "stated_date", _("A precision needs a date; clear one or fill in the other.")
            )
        if self.by_itself and "status" in self.fields:
            data["status"] = self.was or Status.DRAFT
        elif "status" in self.fields and not self.released:
            if "_publish" in self.data and self.may_publish:
                data["status"] = Status.PUBLISHED
            elif "_submit" in self.data:
                data["status"] = Status.IN_REVIEW
        return data

    def is_valid(self):
        valid = super().is_valid()
        if "_back" in self.data:  # from the question about flags, to go on with what was typed
            return False
        seen = self.data.get("version", "")
        if (
            self.instance.pk
            and seen != self.version_now
            and not is_only_merged(self.instance, seen)
        ):
            self._show_conflict()
            return False
        return valid

    def _show_conflict(self) -> None:
        """Become a form that has not been sent yet, holding what was typed, and for the version
        saved meanwhile; what only the others changed is theirs."""
        data, article = self.cleaned_data, self.instance
        authors, tags, _lost = revisions.people(self.standing)
        tags = data.get("tags", tags)
        made = [tag for tag in tags if tag.pk]
        mine = revisions.content(article, data.get("byline", authors), made)
        mine["tags"] += [[None, tag.name, tag.name_hant] for tag in tags if tag not in made]
        mine["status"] = self.standing["status"]
        base = revisions.shown_at(article, self.data.get("version", ""))
        self.conflict = Conflict(base and as_now(base), self.standing, mine)
        names = {"authors": "byline", "cover_id": "cover"}
        theirs = {names.get(name, name) for name in self.conflict.taken_over}
        typed = {name: self[name].data for name in self.fields if name not in theirs}
        for name, model in (("byline", Author), ("tags", Tag)):
            typed |= {name: Redirect.objects.standing(model, typed[name])} if name in typed else {}
        self.initial |= typed | {"version": self.version_now}
        self.is_bound = False


def _keep_line_of_title(form: ArticleForm) -> str:
    """Put the line that an import took for the title back on top of the text, where the form has
    another one; return what the note of the revision says."""
    article, data = form.instance, form.cleaned_data
    if form.by_itself:  # the title may be half typed
        return data["note"]
    was = form.title_before if article.pk else article.title
    if was == article.title:
        return data["note"]
    source = Source.objects.filter(article=article.pk).defer("raw").first()
    body = source and body_with_line(source, was, article.title, article.body)
    if not source or body == article.body:
        return data["note"]
    came_back = len(body) > len(article.body)
    article.body = body
    told = (
        _("The line that the import took for the title stands in the text again")
        if came_back
        else _("The line on top of the text is the title again")
    )
    return "；".join(filter(None, (data["note"], str(told))))[:300]


_BUTTONS = ("_publish", "_submit")


def save(form: ArticleForm, request) -> Outcome:
    """Save what a valid form says: the article, or a draft over what readers see of it. By itself
    a form publishes and submits nothing."""
    article, data, user = form.instance, form.cleaned_data, request.user
    publish, submit = (name in request.POST and not form.by_itself for name in _BUTTONS)
    if publish and not form.may_publish:
        raise PermissionDenied
    if form.by_itself:
        data["tags"] = [tag for tag in data["tags"] if tag.pk]  # a new one is made by hand
    else:
        form.make_new_tags()
    authors, tags, note = data["byline"], data["tags"], _keep_line_of_title(form)
    if form.released and not publish:
        wanted = revisions.content(article, authors, tags)
        in_review = submit or (article.draft and article.draft.status == Status.IN_REVIEW)
        kind = Revision.Kind.BY_ITSELF if form.by_itself else Revision.Kind.DRAFT
        draft = drafts.keep_draft(article, wanted, user, note, in_review=in_review, kind=kind)
        if submit and _submitted(form, user):
            return Outcome.SUBMITTED
        if draft is None and (form.by_itself or not saved_by_hand(article, user, kind, note)):
            return Outcome.UNCHANGED
        return Outcome.SUBMITTED if submit else Outcome.DRAFT
    if article.status in RELEASED and not form.may_publish:
        raise PermissionDenied
    if form.was is None:
        article.created_by = user
    else:
        wanted = revisions.content(article, authors, tags)
        if article.draft is None and revisions.same(wanted, form.standing):
            if submit and _submitted(form, user):
                return Outcome.SUBMITTED
            kind = Revision.Kind.SAVED
            if not form.by_itself and saved_by_hand(article, user, kind, note):
                return Outcome.SAVED
            return Outcome.UNCHANGED
    published = article.status == Status.PUBLISHED and (publish or form.was != Status.PUBLISHED)
    saved = Revision.Kind.BY_ITSELF if form.by_itself else Revision.Kind.SAVED
    kind = Revision.Kind.PUBLISHED if published else saved
    article.over_flags = drafts.save(
        article, authors, tags, user, kind, note, new=form.was is None, over=confirmed(request)
    )
    if published:
        return Outcome.PUBLISHED
    if submit:
        _submitted(form, user)
    return Outcome.SUBMITTED if submit else Outcome.SAVED


def _submitted(form: ArticleForm, user) -> bool:
    """Let the request for review say who asks now and why; tell whether that is anything new."""
    note = form.cleaned_data["review_note"] or form.cleaned_data["note"]
    return reviews.submit(form.instance, user, note)
