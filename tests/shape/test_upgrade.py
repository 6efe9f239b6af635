"""An installation that has been running goes on with all it knew: the upgrade adds, it takes nothing away."""

from alembic import command
from sqlalchemy import Engine, inspect, text

from creatorbot.storage.migrate import alembic_config, is_at_head, migrate

_MOMENT = "2026-11-20 12:00:00.000000"
_ROWS = {
    "artist": {"name": "Aoife", "slug": "aoife", "currency": "EUR"},
    "source": {"artist_id": 1, "kind": "feed", "address": "https://aoife.example/feed", "state": "ok"},
    "release": {"artist_id": 1, "source_id": 1, "title": "Low Tide", "artist_name": "Aoife", "state": "announced"},
    "sourceitem": {"artist_id": 1, "source_id": 1, "release_id": 1, "guid": "a", "guid_key": "a", "decision": "new"},
    "fetch": {"source_id": 1, "outcome": "changed"},
}


def _to(engine: Engine, revision: str) -> None:
    config = alembic_config()
    config.attributes["engine"] = engine
    (command.upgrade if revision == "head" else command.downgrade)(config, revision)


def _insert(engine: Engine, table: str, told: dict[str, object]) -> None:
    """A row with what is told, and with something plain in every other column that must not be empty."""
    plain: dict[str, object] = {"id": 1}
    for column in inspect(engine).get_columns(table):
        name, kind = column["name"], str(column["type"]).upper()
        if column["nullable"] or name == "id":
            continue
        is_moment = "TIMESTAMP" in kind or "DATETIME" in kind
        plain[name] = _MOMENT if is_moment else "[]" if "JSON" in kind else False if "BOOL" in kind else 0 if "INT" in kind else ""
    values = {**plain, **told}
    with engine.begin() as connection:
        names, places = ", ".join(values), ", ".join(f":{name}" for name in values)
        connection.execute(text(f'INSERT INTO "{table}" ({names}) VALUES ({places})'), values)


def test_what_the_first_version_knew_is_there_after_the_upgrade(engine: Engine) -> None:
    _to(engine, "0001")
    for table, told in _ROWS.items():
        _insert(engine, table, told)
    migrate(engine)
    assert is_at_head(engine)
    with engine.connect() as connection:
        for table, told in _ROWS.items():
            row = connection.execute(text(f'SELECT * FROM "{table}"')).mappings().one()
            assert {name: row[name] for name in told} == told
        assert connection.execute(text("SELECT availability FROM release")).scalar_one() == "out"


def test_going_back_keeps_the_rows_too(engine: Engine) -> None:
    for table, told in _ROWS.items():
        _insert(engine, table, told)
    _to(engine, "0001")
    with engine.connect() as connection:
        for table in _ROWS:
            assert connection.execute(text(f'SELECT count(*) FROM "{table}"')).scalar_one() == 1


def test_payments_and_what_hangs_on_them_survive_the_new_kind(engine: Engine) -> None:
    """0006 lets a payment be a subscription. On SQLite that rebuilds the table that credits, and refunds in it, refer to."""
    _to(engine, "0005")
    paid = {"artist_id": 1, "service_id": 1, "notice_id": 1, "kind": "tip", "amount_minor": 700, "currency": "EUR", "external_id": "a"}
    _insert(engine, "artist", _ROWS["artist"])
    _insert(engine, "paymentservice", {"artist_id": 1, "provider": "kofi", "public_id": "x", "secrets": b""})
    _insert(engine, "notice", {"artist_id": 1, "service_id": 1, "external_id": "n", "body": b""})
    _insert(engine, "payment", paid)
    _insert(engine, "payment", paid | {"id": 2, "kind": "refund", "amount_minor": -200, "external_id": "b", "parent_id": 1})
    _insert(engine, "credit", {"artist_id": 1, "payment_id": 1, "amount_minor": 700, "currency": "EUR", "grade": "none"})
    migrate(engine)
    _insert(engine, "payment", paid | {"id": 3, "kind": "subscription", "external_id": "c"})
    for revision, kinds in (("head", ["tip", "refund", "subscription"]), ("0005", ["tip", "refund", "tip"])):
        _to(engine, revision)
        with engine.connect() as connection:
            assert list(connection.execute(text("SELECT kind FROM payment ORDER BY id")).scalars()) == kinds
            assert connection.execute(text("SELECT parent_id FROM payment WHERE id = 2")).scalar_one() == 1
            assert connection.execute(text("SELECT count(*) FROM credit")).scalar_one() == 1
