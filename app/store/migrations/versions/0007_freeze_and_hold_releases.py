"""Keep what stood at a confidential cohort's closing until its release is worked out, and hold back after a restore"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohort", sa.Column("closing", sa.String(), nullable=True))
    op.add_column("cohort", sa.Column("held_at", sa.DateTime(timezone=True), nullable=True))
    # Until now a closed cohort without a release was one of which fewer than five were scored throughout.
    closed = "privacy = 'confidential' AND closed_at IS NOT NULL AND release IS NULL"
    op.execute(f"""UPDATE cohort SET release = '{{"nothing": "too_few"}}' WHERE {closed}""")  # noqa: S608 - our own text


def downgrade() -> None:
    op.execute("""UPDATE cohort SET release = NULL WHERE release LIKE '{"nothing"%'""")
    with op.batch_alter_table("cohort") as cohort:
        cohort.drop_column("held_at")
        cohort.drop_column("closing")
