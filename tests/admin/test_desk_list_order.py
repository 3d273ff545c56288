"""The desk's list is read from an index in its order, however many articles there are."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Tag

from .test_admin import ADMINISTRATOR, LIST

pytestmark = pytest.mark.django_db


def test_the_list_is_read_in_its_order_and_not_sorted(sign_in, make_article):
    make_article()
    asked = []

    def noting(execute, sql, params, *how):
        if sql.startswith("SELECT") and "LIMIT" in sql and '"articles_article"."title"' in sql:
            asked.append((sql, params))
        return execute(sql, params, *how)

    client = sign_in(ADMINISTRATOR)
    with connection.execute_wrapper(noting):
        assert client.get(LIST).status_code == 200
    ((sql, params),) = asked
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # of a few rows, to read all is cheaper
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        explain = "EXPLAIN" if connection.vendor == "postgresql" else "EXPLAIN QUERY PLAN"
        cursor.execute(f"{explain} {sql}", params)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert "Sort" not in plan and "TEMP B-TREE" not in plan, plan
    assert "at_desk" in plan or connection.vendor != "postgresql", plan


def test_the_articles_of_a_tag_are_not_sorted_to_be_told_apart(sign_in, make_article):
    wanted = make_article("甲", tags=["維權", "提案"])
    make_article("乙", tags=["提案"])
    tag = Tag.objects.named("維權").pk
    client = sign_in(ADMINISTRATOR)
    with CaptureQueriesContext(connection) as asked:
        page = client.get(f"{LIST}?tagged__tag__id__exact={tag}")
    assert [one.pk for one in page.context["cl"].result_list] == [wanted.pk]
    articles = [one["sql"] for one in asked if 'FROM "articles_article"' in one["sql"]]
    assert articles and not any("DISTINCT" in one for one in articles)
    assert client.get(f"{LIST}?tagged__tag__id__exact=x").status_code == 302  # to the whole list
