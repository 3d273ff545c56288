"""What the desks of training have in common: they look like the library's."""

from articles.admin.audited import AuditedAdmin


class TrainingDesk(AuditedAdmin):
    class Media:
        css = {"all": ["desk/desk.css", "training/desk.css"]}
