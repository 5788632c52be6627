"""the audit trail

Revision: 0004
Follows: 0003
Made: 2026-11-25 12:55:00
"""

import sqlalchemy as sa
import sqlmodel
import sqlmodel.sql.sqltypes
from alembic import op

import models.base


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


REFUSED = "the audit trail is only ever added to"
SQLITE = (
    f"CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    f"CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    "CREATE TRIGGER audit_entry_in_order BEFORE INSERT ON audit_entry"
    " WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit_entry)"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
    f"CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS"
    f" $$ BEGIN RAISE EXCEPTION '{REFUSED}'; END $$",
    "CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON audit_entry"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_detail_no_update BEFORE UPDATE ON audit_detail"
    " FOR EACH ROW EXECUTE FUNCTION audit_refuses()",
    "CREATE TRIGGER audit_detail_no_truncate BEFORE TRUNCATE ON audit_detail"
    " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()",
)


def upgrade() -> None:
    texts = (
        ("at", 40), ("actor", 80), ("role", 40), ("allowed_by", 40), ("action", 40), ("subject", 80), ("key", 200),
        ("before", 64), ("after", 64), ("previous", 64), ("hash", 64),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        *(sa.Column(name, sqlmodel.sql.sqltypes.AutoString(length=length), nullable=False) for name, length in texts),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    op.create_index("ix_audit_entry_subject_key", "audit_entry", ["subject", "key"])
    op.create_index(op.f("ix_audit_entry_actor"), "audit_entry", ["actor"])
    op.create_table(
        "audit_detail",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_detail_entry_id_audit_entry")
        ),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_detail")),
    )
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def downgrade() -> None:
    op.drop_table("audit_detail")
    op.drop_table("audit_entry")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_refuses()")
