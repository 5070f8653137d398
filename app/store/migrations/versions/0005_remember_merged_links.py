"""Remember the private links of assessments that were merged into others"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "merged_link",
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_merged_link_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("link_hash", name=op.f("pk_merged_link")),
    )
    op.create_index(op.f("ix_merged_link_assessment_id"), "merged_link", ["assessment_id"])


def downgrade() -> None:
    op.drop_table("merged_link")
