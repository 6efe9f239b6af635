"""Links that no post carries, artists' own pages, what plays, who sent people, and which servers are new."""

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from creatorbot.storage.types import UtcDateTime


revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KINDS = "kind IN ('post', 'bio', 'newsletter', 'poster', 'page', 'button', 'other')"
NAMES = {"fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s"}  # SQLite's have none of their own
SIGNS = "23456789abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def _reference() -> str:
    """From a visit to its artist."""
    return "visit_artist_id_fkey" if op.get_bind().dialect.name == "postgresql" else "fk_visit_artist_id_artist"


def upgrade() -> None:
    op.create_table(
        "servermet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("artist_id", sa.Integer(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("software", sa.String(), nullable=False),
        sa.Column("first_seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("first_link_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["artist_id"], ["artist.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["first_link_id"], ["link.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("artist_id", "host"),
    )
    op.create_index("ix_servermet_first_link_id", "servermet", ["first_link_id"])
    op.create_table(
        "referrer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("link_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["link.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("link_id", "day", "host"),
    )
    with op.batch_alter_table("release") as batch_op:
        batch_op.add_column(sa.Column("player_url", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("audio_url", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("visit", naming_convention=NAMES) as batch_op:
        batch_op.add_column(sa.Column("release_id", sa.Integer(), nullable=True))
        batch_op.drop_constraint(_reference(), type_="foreignkey")
    # What (link, quarter) and (link, host) are unique by finds links as well.
    op.drop_index("ix_visittotal_link_id", table_name="visittotal")
    op.drop_index("ix_reach_link_id", table_name="reach")
    uncertain = sa.text("kind = 'uncertain'")
    op.create_index("ix_visit_uncertain", "visit", ["link_id", "visitor"], sqlite_where=uncertain, postgresql_where=uncertain)
    with op.batch_alter_table("visittotal") as batch_op:
        batch_op.add_column(sa.Column("plays", sa.Integer(), server_default="0", nullable=False))
    with op.batch_alter_table("link") as batch_op:
        batch_op.alter_column("release_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("kind", sa.String(), server_default="post", nullable=False))
        batch_op.add_column(sa.Column("gig_place", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("gig_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint("link_kind", KINDS)
    op.execute("UPDATE link SET kind = 'other' WHERE post_id IS NULL")
    _note_servers_met()
    _give_each_artist_a_page()


def _note_servers_met() -> None:
    op.execute(
        "INSERT INTO servermet (artist_id, host, software, first_seen_at, first_link_id) "
        "SELECT artist_id, host, software, first_seen_at, link_id FROM ("
        "SELECT link.artist_id, reach.host, reach.software, reach.first_seen_at, reach.link_id, "
        "row_number() OVER (PARTITION BY link.artist_id, reach.host ORDER BY reach.first_seen_at, reach.id) AS place "
        "FROM reach JOIN link ON link.id = reach.link_id) AS met WHERE place = 1"
    )


def _give_each_artist_a_page() -> None:
    link = sa.table(
        "link",
        *(sa.column(name) for name in ("artist_id", "code", "kind", "label", "gig_place")),
        sa.column("created_at", UtcDateTime(timezone=True)),
    )
    connection = op.get_bind()
    for (artist_id,) in connection.execute(sa.text("SELECT id FROM artist")).fetchall():
        code = "".join(secrets.choice(SIGNS) for _ in range(8))
        values = {"artist_id": artist_id, "code": code, "kind": "page", "label": "", "gig_place": "", "created_at": datetime.now(UTC)}
        connection.execute(link.insert(), values)


def downgrade() -> None:
    op.execute("DELETE FROM link WHERE release_id IS NULL")
    with op.batch_alter_table("link") as batch_op:
        batch_op.drop_constraint("link_kind", type_="check")
        batch_op.drop_column("gig_on")
        batch_op.drop_column("gig_place")
        batch_op.drop_column("kind")
        batch_op.alter_column("release_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("visittotal") as batch_op:
        batch_op.drop_column("plays")
    op.drop_index("ix_visit_uncertain", table_name="visit")
    op.create_index("ix_reach_link_id", "reach", ["link_id"])
    op.create_index("ix_visittotal_link_id", "visittotal", ["link_id"])
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_column("release_id")
        batch_op.create_foreign_key(_reference(), "artist", ["artist_id"], ["id"], ondelete="CASCADE")
    with op.batch_alter_table("release") as batch_op:
        batch_op.drop_column("audio_url")
        batch_op.drop_column("player_url")
    op.drop_table("referrer")
    op.drop_index("ix_servermet_first_link_id", table_name="servermet")
    op.drop_table("servermet")
