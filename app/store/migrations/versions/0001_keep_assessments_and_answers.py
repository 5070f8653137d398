"""Keep assessments and answers"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assessment",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("organisation", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("business_stage", sa.String(), nullable=False),
        sa.Column("default_target", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("default_target IN (1, 2, 3, 4, 5)", name=op.f("ck_assessment_default_target")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
    )
    op.create_table(
        "dimension_choice",
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("dimension", sa.String(), nullable=False),
        sa.Column("target", sa.Integer(), nullable=True),
        sa.Column("importance", sa.Integer(), nullable=True),
        sa.CheckConstraint("importance IN (1, 2, 3, 4, 5)", name=op.f("ck_dimension_choice_importance")),
        sa.CheckConstraint("target IN (1, 2, 3, 4, 5)", name=op.f("ck_dimension_choice_target")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_dimension_choice_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("assessment_id", "dimension", name=op.f("pk_dimension_choice")),
    )
    op.create_table(
        "respondent",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("is_owner", sa.Boolean(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("link_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_respondent_assessment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_respondent")),
        sa.UniqueConstraint("assessment_id", "seat", name=op.f("uq_respondent_assessment_id_seat")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_respondent_link_hash")),
    )
    op.create_table(
        "answer",
        sa.Column("respondent_id", sa.String(16), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("writer", sa.String(), nullable=True),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(kind = 'level') = (level IS NOT NULL)", name=op.f("ck_answer_level_of_its_kind")),
        sa.CheckConstraint("kind IN ('level', 'dont_know', 'not_applicable', 'open')", name=op.f("ck_answer_kind")),
        sa.CheckConstraint("level IN (1, 2, 3, 4, 5)", name=op.f("ck_answer_level")),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_answer_revision")),
        sa.ForeignKeyConstraint(
            ["respondent_id"], ["respondent.id"], name=op.f("fk_answer_respondent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("respondent_id", "question", name=op.f("pk_answer")),
    )
    op.create_table(
        "erasure",
        sa.Column("assessment_id", sa.String(16), nullable=False),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("pk_erasure")),
    )


def downgrade() -> None:
    op.drop_table("erasure")
    op.drop_table("answer")
    op.drop_table("respondent")
    op.drop_table("dimension_choice")
    op.drop_table("assessment")
