"""The desk's list is read from an index in its order, however many articles there are."""

import pytest
from django.db import connection

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
