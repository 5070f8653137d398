"""Keep the names under which organisations withdrew, and what is signed with"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    secret = op.create_table(
        "secret",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secret")),
    )
    op.bulk_insert(secret, [{"name": "signing", "value": secrets.token_hex(32)}])
    with op.batch_alter_table("assessment") as assessment:
        assessment.add_column(sa.Column("withdrawn_as", sa.String(), nullable=True))
    op.execute("UPDATE assessment SET withdrawn_as = organisation WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("assessment") as assessment:
        assessment.create_check_constraint(
            assessment.f("ck_assessment_withdrawn_as"), "(withdrawn_at IS NULL) = (withdrawn_as IS NULL)"
        )


def downgrade() -> None:
    with op.batch_alter_table("assessment") as assessment:
        assessment.drop_constraint(assessment.f("ck_assessment_withdrawn_as"), type_="check")
        assessment.drop_column("withdrawn_as")
    op.drop_table("secret")
