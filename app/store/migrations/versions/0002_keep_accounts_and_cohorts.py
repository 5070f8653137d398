"""Keep accounts and cohorts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bucket", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
    )
    op.create_index(op.f("ix_attempt_bucket"), "attempt", ["bucket"])
    op.create_index(op.f("ix_attempt_forgotten_at"), "attempt", ["forgotten_at"])
    op.create_table(
        "api_token",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_api_token_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    op.create_index(op.f("ix_api_token_account_id"), "api_token", ["account_id"])
    op.create_table(
        "cohort",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("owner_id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False),
        sa.Column("questionnaire", sa.String(), nullable=False),
        sa.Column("edition", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("default_target", sa.Integer(), nullable=True),
        sa.Column("privacy", sa.String(), nullable=False),
        sa.Column("join_code", sa.String(), nullable=False),
        sa.Column("code_expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("release", sa.String(), nullable=True),
        sa.CheckConstraint("privacy IN ('open', 'confidential')", name=op.f("ck_cohort_privacy")),
        sa.CheckConstraint(
            "release IS NULL OR (privacy = 'confidential' AND closed_at IS NOT NULL)",
            name=op.f("ck_cohort_released_when_closed"),
        ),
        sa.CheckConstraint("default_target IN (1, 2, 3, 4, 5)", name=op.f("ck_cohort_default_target")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_cohort_owner_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cohort")),
        sa.UniqueConstraint("join_code", name=op.f("uq_cohort_join_code")),
    )
    op.create_index(op.f("ix_cohort_owner_id"), "cohort", ["owner_id"])
    op.create_table(
        "one_time_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('setup', 'reset')", name=op.f("ck_one_time_link_purpose")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_one_time_link_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_one_time_link")),
    )
    op.create_index(op.f("ix_one_time_link_account_id"), "one_time_link", ["account_id"])
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_sign_in_account_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in")),
    )
    op.create_index(op.f("ix_sign_in_account_id"), "sign_in", ["account_id"])
    op.create_table(
        "cohort_share",
        sa.Column("cohort_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("may", sa.String(), nullable=False),
        sa.CheckConstraint("may IN ('run', 'read')", name=op.f("ck_cohort_share_may")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_cohort_share_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["cohort_id"], ["cohort.id"], name=op.f("fk_cohort_share_cohort_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("cohort_id", "account_id", name=op.f("pk_cohort_share")),
    )
    op.create_index(op.f("ix_cohort_share_account_id"), "cohort_share", ["account_id"])
    op.create_table(
        "export_job",
        sa.Column("id", sa.String(16), nullable=False),
        sa.Column("cohort_id", sa.String(16), nullable=False),
        sa.Column("account_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("file", sa.String(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(state = 'done') = (file IS NOT NULL)", name=op.f("ck_export_job_file")),
        sa.CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name=op.f("ck_export_job_state")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_export_job_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_export_job_cohort_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_job")),
    )
    op.create_index(op.f("ix_export_job_cohort_id"), "export_job", ["cohort_id"])
    op.create_table(
        "invitation",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("cohort_id", sa.String(16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("assessment_id", sa.String(16), nullable=True),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_invitation_assessment_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["cohort_id"], ["cohort.id"], name=op.f("fk_invitation_cohort_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_assessment_id"), "invitation", ["assessment_id"])
    op.create_index(op.f("ix_invitation_cohort_id"), "invitation", ["cohort_id"])
    with op.batch_alter_table("assessment") as assessment:
        assessment.add_column(sa.Column("cohort_id", sa.String(16), nullable=True))
        assessment.add_column(sa.Column("joined_at", sa.DateTime(timezone=True), nullable=True))
        assessment.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        assessment.create_index(assessment.f("ix_assessment_cohort_id"), ["cohort_id"])
        assessment.create_check_constraint(
            assessment.f("ck_assessment_joined_at"), "(cohort_id IS NULL) = (joined_at IS NULL)"
        )
        assessment.create_check_constraint(
            assessment.f("ck_assessment_withdrawn_at"), "withdrawn_at IS NULL OR cohort_id IS NOT NULL"
        )
        assessment.create_foreign_key(
            assessment.f("fk_assessment_cohort_id"), "cohort", ["cohort_id"], ["id"], ondelete="RESTRICT"
        )


def downgrade() -> None:
    with op.batch_alter_table("assessment") as assessment:
        assessment.drop_constraint(assessment.f("fk_assessment_cohort_id"), type_="foreignkey")
        assessment.drop_index(assessment.f("ix_assessment_cohort_id"))
        assessment.drop_constraint(assessment.f("ck_assessment_withdrawn_at"), type_="check")
        assessment.drop_constraint(assessment.f("ck_assessment_joined_at"), type_="check")
        assessment.drop_column("withdrawn_at")
        assessment.drop_column("joined_at")
        assessment.drop_column("cohort_id")
    op.drop_table("invitation")
    op.drop_table("export_job")
    op.drop_table("cohort_share")
    op.drop_table("sign_in")
    op.drop_table("one_time_link")
    op.drop_table("cohort")
    op.drop_table("api_token")
    op.drop_table("attempt")
    op.drop_table("account")
