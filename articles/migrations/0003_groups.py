"""Create the three groups: who edits, who publishes, who runs the portal."""

from django.contrib.auth.management import create_permissions
from django.db import migrations

EDITING = [
    *(
        f"{action}_{model}"
        for model in ("article", "author", "tag", "tagalias")
        for action in ("add", "change", "view")
    ),
    *(f"{action}_authorship" for action in ("add", "change", "delete", "view")),
    "view_source",
    "view_importrun",
]
REVIEWING = [*EDITING, "publish_article"]
RUNNING = [
    *REVIEWING,
    *(f"delete_{model}" for model in ("article", "author", "tag", "tagalias")),
    *(f"{action}_user" for action in ("add", "change", "delete", "view")),
    "view_group",  # to choose from; what a group may do is a superuser's to say
]
GROUPS = {"編輯": EDITING, "審核": REVIEWING, "管理員": RUNNING}


def create(apps, schema_editor):
    # Permissions are otherwise made after the last migration, too late for this one.
    for label in ("articles", "auth"):
        config = apps.get_app_config(label)
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(
            Permission.objects.filter(
                codename__in=codenames, content_type__app_label__in=["articles", "auth"]
            )
        )


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0002_vocabulary"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
