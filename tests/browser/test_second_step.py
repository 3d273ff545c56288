"""In a real browser, with its own authenticator: a passkey is set up, shown, lost and removed."""

import pytest
from django.contrib.auth.models import Group, User
from playwright.sync_api import expect

from portal.steps.models import Passkey

from ..support.browser import DESK, NEEDS_BROWSER, PHONE, width_at

pytestmark = NEEDS_BROWSER
PASSWORD = "把話聽完再去辦 2026"
DEVICE_PAGE = "/admin/code/device/"


@pytest.fixture
def curator():
    user = User.objects.create_user("curator", password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get_or_create(name="審核")[0])
    return user


def authenticator(page):
    """Give a page's browser a telephone that has a finger on it; return how to take it away."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        **{"protocol": "ctap2", "transport": "internal", "hasResidentKey": True},
        **{"hasUserVerification": True, "isUserVerified": True},
        "automaticPresenceSimulation": True,
    }
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return lambda: session.send("WebAuthn.removeVirtualAuthenticator", made)


def sign_in(page):
    page.goto("/admin/login/")
    page.locator("#id_username").fill("curator")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("[type=submit]").click()


def sign_out(page):
    page.goto("/admin/")
    page.locator("#desk-me summary").click()
    page.locator("#logout-form button").click()
    page.wait_for_url(lambda address: "/admin/" not in address)


def test_a_passkey_from_its_first_day_to_its_last(visit, curator, settings):
    settings.SECOND_STEP_FOR = ["審核"]
    page = visit("/admin/login/", DESK, own=True, locale="zh-TW")
    lose = authenticator(page)
    sign_in(page)
    expect(page).to_have_url(f"{DEVICE_PAGE}?next=/admin/")
    expect(page.get_by_role("alert")).to_have_count(0)  # what went wrong is told when it did
    page.get_by_label("名稱").fill("舊手機")
    page.get_by_role("button", name="設定通行密鑰").click()
    expect(page.locator(".codes li")).to_have_count(10)
    printed = page.locator(".codes li").all_inner_texts()
    page.get_by_role("link", name="繼續").click()
    expect(page).to_have_url("/admin/")

    page.goto(DEVICE_PAGE)
    expect(page.get_by_role("cell", name="舊手機", exact=True)).to_be_visible()
    for viewport in (PHONE, DESK):
        assert width_at(page, viewport) <= viewport["width"]
    page.get_by_role("button", name="設定通行密鑰").click()
    expect(page.get_by_text("已經有您的通行密鑰")).to_be_visible()

    sign_out(page)
    sign_in(page)
    expect(page).to_have_url("/admin/code/?next=/admin/")
    page.get_by_role("button", name="使用通行密鑰").click()
    expect(page).to_have_url("/admin/")
    assert Passkey.objects.get().used_at

    sign_out(page)
    lose()
    authenticator(page)
    sign_in(page)
    page.get_by_role("button", name="使用通行密鑰").click()
    expect(page.get_by_text("沒有成功")).to_be_visible()
    page.get_by_label("驗證碼").fill(printed[0])
    page.get_by_role("button", name="繼續").click()
    expect(page).to_have_url("/admin/")

    page.goto(DEVICE_PAGE)
    page.get_by_label("名稱").fill("新手機")
    page.get_by_role("button", name="設定通行密鑰").click()
    expect(page.get_by_role("cell", name="新手機", exact=True)).to_be_visible()
    page.get_by_role("button", name="移除: 舊手機").click()
    expect(page.get_by_text("已經移除")).to_be_visible()
    expect(page.get_by_role("cell", name="舊手機", exact=True)).to_have_count(0)


def test_without_a_script_codes_are_left(visit, curator):
    Passkey.objects.create(
        user=curator, name="x", host="localhost", credential="eHg", public_key=b""
    )
    page = visit("/admin/login/", DESK, java_script_enabled=False, locale="zh-TW")
    sign_in(page)
    expect(page.get_by_text("需要 JavaScript")).to_be_visible()
    expect(page.get_by_role("button", name="使用通行密鑰")).to_be_hidden()
    expect(page.get_by_label("驗證碼")).to_be_visible()
