"""Signing in and out as a reader. Accounts are made at the desk; nobody makes their own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.models import User
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from portal import mails
from portal.accounts import (
    ChangePasswordForm,
    ForgottenForm,
    SignInForm,
    WelcomeForm,
    know_browser,
    share,
    with_status,
)
from portal.invitations import send_code_beside
from portal.throttle import Limit, address_of

_ASKED = Limit("forgotten", most=5, seconds=3600)
"""Mails asked for from one address, or to one."""

private = cache_control(private=True, no_store=True)


class SignIn(views.LoginView):
    template_name = "reading/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True
    extra_context = {"may_mail": mails.is_set_up}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs, sign_on=bool(settings.OIDC_ISSUER))

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.cleaned_data["shared"]:
            share(self.request.session)
        else:
            know_browser(self.request, response)
        return response

    def form_invalid(self, form):
        return with_status(form, super().form_invalid(form))


class ChangePassword(views.PasswordChangeView):
    template_name = "reading/password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("mine")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"label_suffix": ""}

    def form_invalid(self, form):
        return with_status(form, super().form_invalid(form))

    def form_valid(self, form):
        messages.success(self.request, _("Your password is changed."))
        return super().form_valid(form)


@private
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request):
    """Let somebody with a code choose a password, and lead them to where they sign in with it."""
    if request.method != "POST":
        return render(request, "reading/welcome.html", {"form": WelcomeForm(request)})
    form = WelcomeForm(request, request.POST)
    if not form.is_valid():
        return with_status(form, render(request, "reading/welcome.html", {"form": form}))
    user = form.save()
    messages.success(request, _("Your password is set. Sign in with it now."))
    return redirect("admin:index" if user.is_staff else "sign-in")


@private
@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request):
    """Send a code to whoever forgot a password and has an account with this address; what the page
    says is the same where nobody has."""
    if not mails.is_set_up():
        raise Http404
    form = ForgottenForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        where, to = address_of(request), form.cleaned_data["email"]
        if not (_ASKED.is_reached(where) or _ASKED.is_reached(to.casefold())):
            _ASKED.count(where)
            _ASKED.count(to.casefold())
            # Who signs in with an organisation's password has none here that could be forgotten.
            own = User.objects.filter(identities=None)
            for user in own.filter(email__iexact=to, is_active=True):
                send_code_beside(request, user)
        return render(request, "reading/forgotten.html", {"sent": to})
    return render(request, "reading/forgotten.html", {"form": form})


sign_in = SignIn.as_view()
sign_out = views.LogoutView.as_view()
change_password = ChangePassword.as_view()
