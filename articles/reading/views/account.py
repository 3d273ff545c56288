"""Signing in and out as a reader. Accounts are made at the desk; nobody makes their own."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from portal.accounts import ChangePasswordForm, SignInForm, know_browser, share, with_status


class SignIn(views.LoginView):
    template_name = "reading/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

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


sign_in = SignIn.as_view()
sign_out = views.LogoutView.as_view()
change_password = ChangePassword.as_view()
