"""Know which keys were used, so that what was ended or replaced is not made once more by a form that is sent again"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "used_key",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("told_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_used_key")),
    )
    op.create_index(op.f("ix_used_key_used_at"), "used_key", ["used_at"])


def downgrade() -> None:
    op.drop_table("used_key")
