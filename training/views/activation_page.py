"""Getting an account with a printed slip."""

from django import forms
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from portal.accounts import SharedDevice, share

from ..access import private
from ..activation import DAYS, TRIES, Refused, activate, member_of, user_name


class SlipForm(forms.Form):
    number = forms.IntegerField(label=_("Number of the slip"), min_value=1, max_value=2**62)
    code = forms.CharField(label=_("Code"), max_length=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, label_suffix="", **kwargs)
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "characters"}


class PasswordForm(SharedDevice, SlipForm):
    password = forms.CharField(
        label=_("Choose a password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )
    again = forms.CharField(
        label=_("The password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        max_length=200,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("number", "code"):
            self.fields[name].widget = forms.HiddenInput()
        self.order_fields(["number", "code", "password", "again", "shared"])

    def clean_again(self):
        if self.cleaned_data.get("password") != self.cleaned_data["again"]:
            raise ValidationError(_("The two passwords differ."))
        return self.cleaned_data["again"]


_REFUSED = _(
    "This slip does not open an account: the number or the code is mistyped, the slip is used, "
    "older than %(days)d days, or locked after %(tries)d wrong codes. Your unit's chair prints "
    "another."
)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def activate_page(request):
    """Ask for the slip, then for a password; then the account is there and signed in."""
    if request.method != "POST":
        form = SlipForm(initial={"number": request.GET.get("n", "")[:19]})
        return render(request, "training/activate.html", {"form": form})
    slip = SlipForm(request.POST)
    if not slip.is_valid():
        return render(request, "training/activate.html", {"form": slip})
    number, code = slip.cleaned_data["number"], slip.cleaned_data["code"]
    try:
        member = member_of(number, code)
        chosen = PasswordForm(request.POST if "password" in request.POST else None)
        if not chosen.is_bound:
            chosen = PasswordForm(initial={"number": number, "code": code})
        elif chosen.is_valid():
            try:
                user = activate(number, code, chosen.cleaned_data["password"])
            except ValidationError as error:
                chosen.add_error("password", error)
            else:
                login(request, user, backend="django.contrib.auth.backends.ModelBackend")
                if chosen.cleaned_data["shared"]:
                    share(request.session)
                return redirect("learn")
    except Refused:
        slip.add_error(None, _REFUSED % {"days": DAYS, "tries": TRIES})
        return render(request, "training/activate.html", {"form": slip}, status=403)
    context = {"form": chosen, "member": member, "user_name": user_name(member)}
    return render(request, "training/activate.html", context)
