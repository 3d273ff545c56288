"""Which articles are near duplicates of each other, and the index they are found by."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..importing.edits import Flag
from ..text import html
from ..text.fingerprints import SHARED, likeness, shingles

NEAR_DUPLICATE = "near-duplicate"  # kind of the flag

BUCKET = 50
"""Articles read of those that share a fingerprint. A notice form or a slogan gives one to
thousands; such a fingerprint tells little, and reading all of them would take seconds."""

CANDIDATES = 10
"""Articles at the most whose texts are read and compared, about 1 ms each."""

REMEASURED = 50
"""Known pairs compared again when an article's text changes."""


class FingerprintQuerySet(models.QuerySet):
    def replace(self, article, hashes: list[int]) -> bool:
        """Make `hashes` the article's fingerprints; tell whether they were others before."""
        own = self.filter(article=article)
        standing = set(own.values_list("hash", flat=True))
        if standing == set(hashes):
            return False
        own.delete()
        self.add(article, hashes)
        return True

    def add(self, article, hashes: list[int]) -> None:
        self.add_all([(article.pk, hashes)])

    def add_all(self, signatures: Iterable[tuple[int, list[int]]]) -> None:
        """Keep the fingerprints of articles, each given by its key and these."""
        rows = [(one, pk) for pk, hashes in signatures for one in hashes]
        if connection.vendor == "postgresql" and rows:  # a hundred an article: no objects of each
            table = connection.ops.quote_name(self.model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.execute(
                    f"INSERT INTO {table} (hash, article_id) "  # noqa: S608 - a name of ours
                    "SELECT * FROM unnest(%s::bigint[], %s::bigint[]) ON CONFLICT DO NOTHING",
                    list(map(list, zip(*rows, strict=True))),
                )
            return
        made = [Fingerprint(hash=one, article_id=pk) for one, pk in rows]
        self.bulk_create(made, ignore_conflicts=True)  # two may save one article at a time

    def candidates(self, hashes: list[int], besides: int) -> list[int]:
        """Return the articles that share most of `hashes`, likeliest first.

        The rarer a fingerprint, the more it tells: each counts the less the more articles have
        it.
        """
        buckets = self.buckets(hashes).values()
        return likeliest([[one for one in bucket if one != besides] for bucket in buckets])

    def buckets(self, hashes: list[int]) -> dict[int, list[int]]:
        """Return which articles have each of `hashes`, the oldest first.

        Every bucket is read through the index up to `BUCKET`, so the time does not depend on how
        many articles there are.
        """
        if not hashes:
            return {}
        if connection.vendor == "sqlite" and len(hashes) > _SELECTS:
            first, rest = self.buckets(hashes[:_SELECTS]), self.buckets(hashes[_SELECTS:])
            return first | rest
        table = connection.ops.quote_name(self.model._meta.db_table)
        # The statements are put together from names and numbers of ours; hashes are values.
        bucket = (
            f"(SELECT hash, article_id FROM {table} WHERE hash = {{}} "  # noqa: S608
            f"ORDER BY article_id LIMIT {BUCKET}) AS bucket"
        )
        if connection.vendor == "postgresql":  # one plan instead of one for each fingerprint
            wanted = "unnest(%s::bigint[]) AS wanted(hash)"
            query = f"SELECT bucket.* FROM {wanted}, LATERAL {bucket.format('wanted.hash')}"  # noqa: S608
            values = [hashes]
        else:
            one = f"SELECT * FROM {bucket.format('%s')}"  # noqa: S608
            query, values = " UNION ALL ".join([one] * len(hashes)), hashes
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            rows = cursor.fetchall()
        buckets = defaultdict(list)
        for value, article in rows:
            buckets[value].append(article)
        return dict(buckets)


_SELECTS = 400
"""Statements that SQLite joins to one at the most are 500."""


def likeliest(buckets: Iterable[list[int]]) -> list[int]:
    """Return who shares most fingerprints, of which each is given by those that have it."""
    weight, shared = defaultdict(float), defaultdict(int)
    for articles in buckets:
        for article in articles:
            weight[article] += 1 / len(articles)
            shared[article] += 1
    likely = [article for article, count in shared.items() if count >= SHARED]
    return sorted(likely, key=lambda article: (-weight[article], article))[:CANDIDATES]


class Fingerprint(models.Model):
    """One of the fingerprints of an article's text: `text.fingerprints` tells which.

    Made on save, and by `rebuild_fingerprints`. The key is the index they are looked up in: band
    and hash are one number here, because the bin a shingle falls into is a part of its hash.
    """

    pk = models.CompositePrimaryKey("hash", "article_id")
    hash = models.BigIntegerField()
    article = models.ForeignKey("Article", models.CASCADE, related_name="fingerprints")

    objects = FingerprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("fingerprint")
        verbose_name_plural = _("fingerprints")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.hash:x}"


class SimilarityQuerySet(models.QuerySet):
    def of(self, article_id: int):
        """Return the pairs an article is one of."""
        return self.filter(Q(article=article_id) | Q(other=article_id))

    def outside_bin(self):
        """Return the pairs neither of which lies in the recycle bin."""
        return self.filter(article__deleted_at=None, other__deleted_at=None)

    def standing(self):
        """Return the pairs no curator has dismissed, most alike first."""
        pairs = self.outside_bin().filter(dismissed_at=None)
        return pairs.order_by("-containment", "-jaccard", "pk")

    def counted(self, article_ids: Iterable[int]) -> Counter[int]:
        """Return how many near duplicates, not dismissed, each of these articles has."""
        wanted = set(article_ids)
        either = Q(article__in=wanted) | Q(other__in=wanted)
        pairs = self.standing().filter(either).values_list("article", "other") if wanted else ()
        return Counter(one for pair in pairs for one in pair if one in wanted)

    def find(
        self,
        article,
        hashes: list[int],
        *,
        remeasure: bool,
        among: Iterable[int] | None = None,
    ) -> list["Similarity"]:
        """Look for near duplicates of an article; return the pairs that were not known.

        `among` are those that may be, where the caller has looked for them.
        With `remeasure`, the known pairs are compared again: those no longer alike enough are
        dropped, unless a curator has dismissed them: that stays on record.
        """
        chosen = Fingerprint.objects.candidates(hashes, article.pk) if among is None else among
        chosen = set(chosen)
        known = {}
        if chosen or remeasure:
            pairs = self.of(article.pk).order_by("-containment", "-jaccard", "pk")
            known = {pair.partner_of(article.pk): pair for pair in pairs[:REMEASURED]}
        chosen = chosen | known.keys() if remeasure else chosen - known.keys()
        if not chosen:
            return []
        own = shingles(html.plain_text(article.body))
        found, changed = [], []
        others = type(article).objects.outside_bin().filter(pk__in=chosen).only("pk", "body")
        for other in others.iterator():
            measured = likeness(own, shingles(html.plain_text(other.body)))
            pair = known.pop(other.pk, None)
            if pair is not None:
                pair.jaccard, pair.containment = measured.jaccard, measured.containment
                if measured.near or pair.dismissed_at:
                    changed.append(pair)
                else:  # unless a curator dismisses it at this moment
                    self.model.objects.filter(pk=pair.pk, dismissed_at=None).delete()
            elif measured.near:
                low, high = sorted((article.pk, other.pk))
                found.append(
                    Similarity(
                        article_id=low,
                        other_id=high,
                        jaccard=measured.jaccard,
                        containment=measured.containment,
                    )
                )
        self.bulk_update(changed, ["jaccard", "containment"])
        # Another import may have found the same pair from its other side.
        return self.bulk_create(found, ignore_conflicts=True)


class Similarity(models.Model):
    """Two articles that are near duplicates, once for both: `article` is the older number."""

    article = models.ForeignKey("Article", models.CASCADE, related_name="+")
    other = models.ForeignKey("Article", models.CASCADE, related_name="+")
    jaccard = models.FloatField(_("similarity"))
    containment = models.FloatField(_("share of the shorter text"))
    found_at = models.DateTimeField(_("found at"), auto_now_add=True)
    dismissed_at = models.DateTimeField(_("dismissed at"), null=True)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("dismissed by"),
    )

    objects = SimilarityQuerySet.as_manager()

    class Meta:
        verbose_name = _("similarity")
        verbose_name_plural = _("similarities")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "other"], name="a_pair_stands_once"),
            models.CheckConstraint(
                name="a_pair_begins_with_the_older", condition=Q(article__lt=F("other"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_id} – {self.other_id}: {self.containment:.0%}"

    def partner_of(self, article_id: int) -> int:
        """Return the number of the other article."""
        return self.other_id if article_id == self.article_id else self.article_id

    def flag_for(self, article_id: int) -> Flag:
        """Return the flag that tells the curator of one article about the other."""
        other = self.other if article_id == self.article_id else self.article
        message = (
            f"與第 {other.pk} 篇〈{other.title}〉相似：全文相似度 {self.jaccard:.0%}，"
            f"較短的一篇有 {self.containment:.0%} 見於另一篇。請比較兩篇，看是否重複。"
        )
        return Flag(NEAR_DUPLICATE, 0, 0, message)

    def dismiss(self, user) -> bool:
        """Record that a curator found the two to be different essays; tell whether they are still
        a pair."""
        own = Similarity.objects.filter(pk=self.pk)
        return bool(own.update(dismissed_at=timezone.now(), dismissed_by=user))

    def restore(self) -> bool:
        """Take a dismissal back; tell whether they are still a pair."""
        own = Similarity.objects.filter(pk=self.pk)
        return bool(own.update(dismissed_at=None, dismissed_by=None))


def has_similar(article: str = "pk") -> Exists:
    """Return whether an article, by the name its key has in a query, has near duplicates that no
    curator has dismissed."""
    pairs = Similarity.objects.outside_bin().filter(dismissed_at=None)
    return Exists(pairs.filter(Q(article=OuterRef(article)) | Q(other=OuterRef(article))))
