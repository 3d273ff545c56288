"""Two groups more: who sees to training, and who looks into it; others get what they need."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

LOOKING = [
    "view_all_units",
    *(
        f"view_{model}"
        for model in (
            *("unit", "member", "office", "path", "pathversion", "rule", "assigned"),
            *("edition", "record", "seal", "sealkey", "look"),
        )
    ),
]
ROSTER = [
    *(
        f"{action}_{model}"
        for model in ("unit", "member", "office")
        for action in ("add", "change")
    ),
    "delete_office",
]
WRITING = ["view_question", "add_question", "change_question"]
TRAINING = [
    *LOOKING,
    *ROSTER,
    *(f"{action}_{model}" for model in ("path", "rule") for action in ("add", "change")),
    *(f"{action}_pathitem" for action in ("add", "change", "delete", "view")),
    *("view_question", "view_article", "view_collection"),
]
GROUPS = {
    "培訓": TRAINING,
    "稽核": [*LOOKING, "view_auditentry"],
    "管理員": [*LOOKING, *ROSTER, "view_question"],
    "編輯": WRITING,
    "審核": [*WRITING, "approve_question"],
}


def create(apps, schema_editor):
    # Permissions are otherwise made after the last migration, too late for this one.
    config = apps.get_app_config("training")
    config.models_module = True
    create_permissions(config, apps=apps, verbosity=0)
    config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(
            *Permission.objects.filter(
                codename__in=codenames, content_type__app_label__in=["training", "articles"]
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0002_append_only"),
        ("articles", "0028_decisions_are_known"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
