"""Know chains of sittings, the confidential cohort in which each counts, and which steps no facilitator is shown"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# What counts in a confidential cohort, and what follows such a sitting, however far.
COUNTED = """
    SELECT assessment.chain, cohort.id FROM assessment JOIN cohort ON cohort.id = assessment.cohort_id
    WHERE cohort.privacy = 'confidential' AND (
        assessment.withdrawn_at IS NULL OR cohort.closed_at IS NOT NULL AND assessment.withdrawn_at > cohort.closed_at
    ) ORDER BY assessment.joined_at, assessment.id
"""
FOLLOWING = """
    WITH RECURSIVE following (id) AS (
        SELECT next.id FROM assessment AS next
        JOIN assessment AS past ON past.id = next.previous_id
        JOIN cohort ON cohort.id = past.cohort_id WHERE cohort.privacy = 'confidential'
        UNION
        SELECT next.id FROM assessment AS next JOIN following ON following.id = next.previous_id
    )
    UPDATE action SET confidential = (1 = 1) WHERE carried AND assessment_id IN (SELECT id FROM following)
"""


def upgrade() -> None:
    op.create_table(
        "confidential_seat",
        sa.Column("chain", sa.String(16), nullable=False),
        sa.Column("cohort_id", sa.String(16), nullable=False),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_confidential_seat_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_confidential_seat")),
    )
    op.create_index(op.f("ix_confidential_seat_cohort_id"), "confidential_seat", ["cohort_id"])
    op.add_column("assessment", sa.Column("chain", sa.String(16), nullable=True))
    op.add_column("action", sa.Column("confidential", sa.Boolean(), nullable=True))
    _fill()
    with op.batch_alter_table("assessment") as assessment:
        assessment.alter_column("chain", existing_type=sa.String(16), nullable=False)
        assessment.create_index(assessment.f("ix_assessment_chain"), ["chain"])
    with op.batch_alter_table("action") as action:
        action.alter_column("confidential", existing_type=sa.Boolean(), nullable=False)


def _fill() -> None:
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, previous_id FROM assessment"))
    before = {id_: previous for id_, previous in rows}  # noqa: C416 - rows are no pairs to mypy
    first = {id_: id_ for id_, previous in before.items() if previous is None}
    for id_ in before:
        way, at = [], id_
        while at not in first:
            way.append(at)
            at = before[at] or at
        first.update(dict.fromkeys(way, first[at]))
    chain = sa.text("UPDATE assessment SET chain = :chain WHERE id = :id")
    if first:
        connection.execute(chain, [{"id": id_, "chain": its} for id_, its in first.items()])
    seats: dict[str, str] = {}
    for its, cohort in connection.execute(sa.text(COUNTED)):
        seats.setdefault(its, cohort)  # of two that were joined before this was refused, the first
    if seats:
        seat = sa.text("INSERT INTO confidential_seat (chain, cohort_id) VALUES (:chain, :cohort)")
        connection.execute(seat, [{"chain": its, "cohort": cohort} for its, cohort in seats.items()])
    connection.execute(sa.text("UPDATE action SET confidential = (1 = 0)"))
    # Which of them came from a recommended step is no longer known of all: so it holds for each.
    connection.execute(sa.text(FOLLOWING))


def downgrade() -> None:
    with op.batch_alter_table("action") as action:
        action.drop_column("confidential")
    with op.batch_alter_table("assessment") as assessment:
        assessment.drop_index(assessment.f("ix_assessment_chain"))
        assessment.drop_column("chain")
    op.drop_table("confidential_seat")
