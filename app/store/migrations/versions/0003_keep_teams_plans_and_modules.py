"""Keep teams, plans, modules, shared links and earlier sittings"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=True),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("date", sa.Date(), nullable=True),
        sa.Column("measure", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("status IN ('planned', 'under_way', 'done', 'dropped')", name=op.f("ck_action_status")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_action_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_assessment_id"), "action", ["assessment_id"])
    op.create_table(
        "agreed_level",
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("level IN (1, 2, 3, 4, 5)", name=op.f("ck_agreed_level_level")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_agreed_level_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "question", name=op.f("pk_agreed_level")),
    )
    op.create_table(
        "earlier_sitting",
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("sitting_id", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_earlier_sitting_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "position", name=op.f("pk_earlier_sitting")),
    )
    op.create_index(op.f("ix_earlier_sitting_sitting_id"), "earlier_sitting", ["sitting_id"])
    op.create_table(
        "module_field",
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_module_field_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "name", name=op.f("pk_module_field")),
    )
    op.create_table(
        "share",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("what IN ('report', 'journey')", name=op.f("ck_share_what")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_share_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_share")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_share_token_hash")),
    )
    op.create_index(op.f("ix_share_assessment_id"), "share", ["assessment_id"])
    op.create_table(
        "touchpoint",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("feeling", sa.Integer(), nullable=True),
        sa.Column("point", sa.String(), nullable=True),
        sa.Column("moment_of_truth", sa.Boolean(), nullable=False),
        sa.Column("wants", sa.String(), nullable=True),
        sa.Column("thinks", sa.String(), nullable=True),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("environment", sa.String(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.CheckConstraint("point IN ('love', 'pain')", name=op.f("ck_touchpoint_point")),
        sa.CheckConstraint("feeling IN (-2, -1, 0, 1, 2)", name=op.f("ck_touchpoint_feeling")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_touchpoint_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touchpoint")),
    )
    op.create_index(op.f("ix_touchpoint_assessment_id"), "touchpoint", ["assessment_id"])
    op.create_table(
        "respondent_field",
        sa.Column("respondent_id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["respondent_id"], ["respondent.id"], name=op.f("fk_respondent_field_respondent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("respondent_id", "name", name=op.f("pk_respondent_field")),
    )
    with op.batch_alter_table("assessment") as assessment:
        assessment.add_column(sa.Column("team_code", sa.String(), nullable=True))
        assessment.add_column(sa.Column("team_code_expires_at", sa.DateTime(timezone=True), nullable=True))
        assessment.add_column(sa.Column("previous_id", sa.String(16), nullable=True))
        assessment.create_index(assessment.f("ix_assessment_previous_id"), ["previous_id"])
        assessment.create_check_constraint(
            assessment.f("ck_assessment_team_code_expires_at"),
            "(team_code IS NULL) = (team_code_expires_at IS NULL)",
        )
        assessment.create_unique_constraint(assessment.f("uq_assessment_team_code"), ["team_code"])
        assessment.create_foreign_key(
            assessment.f("fk_assessment_previous_id"), "assessment", ["previous_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("respondent") as respondent:
        respondent.add_column(sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
    # Whoever answers beside an owner came with a document, and counts: nobody could join yet.
    op.execute(
        "UPDATE respondent SET finished_at ="
        " (SELECT assessment.finished_at FROM assessment WHERE assessment.id = respondent.assessment_id)"
    )
    op.execute("UPDATE respondent SET finished_at = created_at WHERE finished_at IS NULL AND NOT is_owner")


def downgrade() -> None:
    with op.batch_alter_table("respondent") as respondent:
        respondent.drop_column("finished_at")
    with op.batch_alter_table("assessment") as assessment:
        assessment.drop_constraint(assessment.f("fk_assessment_previous_id"), type_="foreignkey")
        assessment.drop_constraint(assessment.f("uq_assessment_team_code"), type_="unique")
        assessment.drop_constraint(assessment.f("ck_assessment_team_code_expires_at"), type_="check")
        assessment.drop_index(assessment.f("ix_assessment_previous_id"))
        assessment.drop_column("previous_id")
        assessment.drop_column("team_code_expires_at")
        assessment.drop_column("team_code")
    op.drop_table("respondent_field")
    op.drop_table("touchpoint")
    op.drop_table("share")
    op.drop_table("module_field")
    op.drop_table("earlier_sitting")
    op.drop_table("agreed_level")
    op.drop_table("action")
