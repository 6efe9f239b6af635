"""Payments that come again by themselves: a kind of their own."""

from alembic import op


revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

BEFORE = (
    "(kind IN ('tip', 'sale', 'reinstated') AND amount_minor >= 0) OR (kind IN ('refund', 'dispute') AND amount_minor <= 0)"
)
AFTER = (
    "(kind IN ('tip', 'sale', 'subscription', 'reinstated') AND amount_minor >= 0)"
    " OR (kind IN ('refund', 'dispute') AND amount_minor <= 0)"
)


def upgrade() -> None:
    _sign(AFTER)


def downgrade() -> None:
    op.execute("UPDATE payment SET kind = 'tip' WHERE kind = 'subscription'")
    _sign(BEFORE)


def _sign(rule: str) -> None:
    with op.batch_alter_table("payment") as batch_op:
        batch_op.drop_constraint("payment_sign", type_="check")
        batch_op.create_check_constraint("payment_sign", rule)
