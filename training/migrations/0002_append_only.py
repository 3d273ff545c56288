"""The database refuses to change what is on record, whoever asks.

Records are never changed, deleted or replaced. What paths and questions said stays as it was; only
who wrote it may be forgotten, when the account is deleted.

SQLite carries out INSERT OR REPLACE without its triggers for deleting, unless a connection asks for
them: so what would replace a row is refused before it is inserted.
"""

from django.db import migrations

FIXED = {
    "training_record": (),
    "training_step": ("version_id", "position", "edition_id", "required"),
    "training_pathversion": ("path_id", "number", "made_on", "note"),
    "training_questionversion": (
        *("question_id", "number", "kind", "stem", "stem_hant", "options", "key"),
        *("note", "note_hant", "made_on"),
    ),
}
"""Tables, and the columns that are never changed; without any, all of them. Only of records is it
refused to delete them and to replace them."""

POSTGRESQL = """
CREATE FUNCTION training_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it stays as it was written', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def refuse(apps, schema_editor):
    execute = schema_editor.execute
    if schema_editor.connection.vendor == "postgresql":
        execute(POSTGRESQL, params=None)
    for table, columns in FIXED.items():
        of = f" OF {', '.join(columns)}" if columns else ""
        if schema_editor.connection.vendor == "postgresql":
            execute(
                f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE{of} ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION training_refuse()"
            )
        else:
            execute(
                f"CREATE TRIGGER {table}_unchanged BEFORE UPDATE{of} ON {table} BEGIN "
                f"SELECT RAISE(ABORT, 'UPDATE of {table} is refused: it stays as it was written'); "
                "END"
            )
    if schema_editor.connection.vendor == "postgresql":
        execute(
            "CREATE TRIGGER training_record_kept BEFORE DELETE ON training_record "
            "FOR EACH ROW EXECUTE FUNCTION training_refuse()"
        )
        execute(
            "CREATE TRIGGER training_record_all_kept BEFORE TRUNCATE ON training_record "
            "FOR EACH STATEMENT EXECUTE FUNCTION training_refuse()"
        )
        return
    execute(
        "CREATE TRIGGER training_record_kept BEFORE DELETE ON training_record BEGIN SELECT "
        "RAISE(ABORT, 'DELETE of training_record is refused: it stays as it was written'); END"
    )
    execute(
        "CREATE TRIGGER training_record_not_replaced BEFORE INSERT ON training_record "
        "WHEN EXISTS (SELECT 1 FROM training_record WHERE id = NEW.id OR uid = NEW.uid) BEGIN "
        "SELECT RAISE(ABORT, 'a record is there already: it stays as it was written'); END"
    )


def allow(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    names = [(f"{table}_unchanged", table) for table in FIXED]
    names += [("training_record_kept", "training_record")]
    last = "training_record_all_kept" if postgresql else "training_record_not_replaced"
    for name, table in [*names, (last, "training_record")]:
        schema_editor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if postgresql else ""))
    if postgresql:
        schema_editor.execute("DROP FUNCTION training_refuse()")


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]
    operations = [migrations.RunPython(refuse, allow)]
