"""Which button for a shop was pressed on a release page, and how often. Only adds columns."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("visit") as batch_op:
        batch_op.add_column(sa.Column("button", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("visittotal") as batch_op:
        batch_op.add_column(sa.Column("presses", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("visittotal") as batch_op:
        batch_op.drop_column("presses")
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_column("button")
