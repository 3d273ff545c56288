"""Essays as pages of Wagtail, as its tutorial makes a blog."""

from django.core.paginator import Paginator
from django.db import models
from django.shortcuts import get_object_or_404, render
from modelcluster.contrib.taggit import ClusterTaggableManager
from modelcluster.fields import ParentalKey, ParentalManyToManyField
from taggit.models import TaggedItemBase
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import RichTextField
from wagtail.models import Page
from wagtail.search import index


class Author(models.Model):
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=90, unique=True)

    def __str__(self):
        return self.name


class EssayTag(TaggedItemBase):
    content_object = ParentalKey("Essay", on_delete=models.CASCADE, related_name="tagged_items")


class Essay(Page):
    date = models.DateField(null=True)
    summary = models.TextField(blank=True)
    body = RichTextField()
    authors = ParentalManyToManyField(Author)
    tags = ClusterTaggableManager(through=EssayTag)

    search_fields = [*Page.search_fields, index.SearchField("body"), index.SearchField("summary")]

    def get_context(self, request):
        context = super().get_context(request)
        others = Essay.objects.live().public()
        newer = others.filter(first_published_at__gt=self.first_published_at)
        older = others.filter(first_published_at__lt=self.first_published_at)
        return context | {
            "tags": self.tags.all(),
            "newer": newer.order_by("first_published_at").first(),
            "older": older.order_by("-first_published_at").first(),
        }


class EssayIndex(RoutablePageMixin, Page):
    """The home of the site, and its lists."""

    def essays(self):
        found = Essay.objects.live().public().order_by("-first_published_at")
        return found.prefetch_related("authors", "tagged_items__tag")

    def listed(self, request, essays, title):
        page = Paginator(essays, 20).get_page(request.GET.get("page"))
        return self.render(
            request, context_overrides={"page": page, "title": title}, template="essays/list.html"
        )

    @path("")
    def home(self, request):
        found = self.essays()[:6]
        tags = EssayTag.tag_model().objects.annotate(n=models.Count("essays_essaytag_items"))
        context = {
            "newest": found,
            "tags": tags.order_by("-n")[:40],
            "total": self.essays().count(),
        }
        return self.render(request, context_overrides=context, template="essays/home.html")

    @path("articles/")
    def articles(self, request):
        return self.listed(request, self.essays(), "文章")

    @path("tags/<slug:slug>/")
    def tag(self, request, slug):
        return self.listed(request, self.essays().filter(tags__slug=slug), slug)

    @path("authors/")
    def all_authors(self, request):
        wrote = Author.objects.annotate(n=models.Count("essay")).order_by("-n")[:120]
        return self.render(
            request, context_overrides={"authors": wrote}, template="essays/authors.html"
        )

    @path("authors/<slug:slug>/")
    def author(self, request, slug):
        found = get_object_or_404(Author, slug=slug)
        return self.listed(request, self.essays().filter(authors=found), found.name)

    @path("feed/")
    def feed(self, request):
        context = {"essays": self.essays()[:30], "root": request.build_absolute_uri("/")[:-1]}
        return render(
            request, "essays/feed.xml", context, content_type="application/rss+xml; charset=utf-8"
        )

    @path("search/")
    def search(self, request):
        asked = request.GET.get("q", "")
        return self.listed(request, Essay.objects.live().public().search(asked), asked)
