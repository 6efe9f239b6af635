"""Stripe: a payment page for the fan, and its notes about what was paid (stripe-python 16, API 2026-10-28).

The artist pastes a restricted key; we never take the secret key, which could do everything.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import orjson
import stripe

from creatorbot.errors import BadSignature, InvalidInput, ServiceError
from creatorbot.providers.base import Checkout, Connected, Field, Incoming, Manner, Order, Page, PaymentFacts, Service
from creatorbot.providers.stripe.calls import Calls
from creatorbot.providers.stripe.read import JsonObject, read_event
from creatorbot.security.http import Door
from creatorbot.wording import N_

_TOLERANCE_S = 300
_LARGEST_NOTICE = 1_000_000
# Events can appear a while after the time they carry: each round looks back this far again. What is known is dropped by its id.
_OVERLAP = timedelta(hours=1)
_KEY = re.compile(r"rk_(live|test)_[A-Za-z0-9_]{8,250}")
_SIGNING = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,250}")
_UNSIGNED = N_("This note does not carry Stripe’s signature.")


class Stripe:
    """The adapter. Holds nothing; every call is given what it needs."""

    name = "stripe"
    label = "Stripe"
    fields: tuple[Field, ...] = (
        Field(
            name="key",
            label=N_("Restricted key"),
            help=N_(
                "In Stripe open Developers, then API keys, then “Create restricted key”. "
                "Set Checkout Sessions, Prices and Products to Write; PaymentIntents, Charges and Refunds, Balance and Events to Read. "
                "Copy the key: it starts with rk_live_."
            ),
        ),
        Field(
            name="signing_secret",
            label=N_("Signing secret"),
            help=N_(
                "Only if this page has a public address. In Stripe open Developers, then Event destinations, then “Add destination”. "
                "Paste the address shown here, choose the checkout, refund and dispute events, and copy the signing secret: "
                "it starts with whsec_. Without it we ask Stripe every minute."
            ),
            required=False,
        ),
    )

    manner = Manner(lead=N_("Your listeners tip on Stripe’s own page and the money goes straight to you. We take nothing."))

    def connect(self, service: Service, door: Door) -> Connected:
        """Check the pasted keys with two harmless calls. Raises InvalidInput for keys of the wrong kind."""
        key, signing = service.secrets.get("key", ""), service.secrets.get("signing_secret", "")
        _check_key(key)
        if signing and not _SIGNING.fullmatch(signing):
            raise InvalidInput("The signing secret starts with whsec_. Leave the field empty if you have none.", field="signing_secret")
        Calls(service, door).try_permissions()
        live = key.startswith("rk_live_")
        return Connected(
            name=f"Stripe …{key[-4:]}",
            live=live,
            notes=() if live else (N_("This is a test key: payments are only played, no money moves."),),
        )

    def start(self, order: Order, service: Service, door: Door) -> Checkout:
        """Open a payment page for this order."""
        return Calls(service, door).open_session(order)

    def verify(self, headers: Mapping[str, str], body: bytes, service: Service, now: datetime) -> Incoming:
        """Check the signature on the raw body, and that it is neither stale nor from the future. Raises BadSignature."""
        header, secret = headers.get("stripe-signature", ""), service.secrets.get("signing_secret", "")
        if not header or not secret or len(body) > _LARGEST_NOTICE:
            raise BadSignature(_UNSIGNED)
        try:
            stripe.WebhookSignature.verify_header(body, header, secret)
            signed_at = int(next(part[2:] for part in header.split(",") if part.startswith("t=")))
            event = orjson.loads(body)
        except (stripe.SignatureVerificationError, ValueError, TypeError, AttributeError, StopIteration) as error:
            # The library decodes before it compares, so a body that is no text raises other things than its own.
            raise BadSignature(_UNSIGNED) from error
        # The library would accept times from the future for ever, and asks a clock of its own.
        if abs(signed_at - int(now.timestamp())) > _TOLERANCE_S:
            raise BadSignature("This note was signed too long ago, or in the future.")
        incoming = _incoming(event, body)
        if incoming is None:
            raise BadSignature("This is not a note of the kind Stripe sends.")
        return incoming

    def fetch(self, service: Service, cursor: str, since: datetime, door: Door) -> Page:
        """Events by asking. The cursor is the newest time seen; within one round it also holds how far the round has come."""
        floor, newest, after = _open_cursor(cursor, since)
        try:
            events, more = Calls(service, door).events(floor, after)
        except ServiceError as error:
            if not after or error.status not in (400, 404):
                raise
            # The event to go on from is gone (they are kept thirty days): the round starts again.
            return Page((), cursor=str(newest), more=True)
        notices = [notice for event in events if (notice := _incoming(event, orjson.dumps(event))) is not None]
        newest = max([newest, *(int(notice.happened_at.timestamp()) for notice in notices if notice.happened_at)])
        if more and notices:
            return Page(tuple(notices), cursor=f"{newest}:{floor}:{notices[-1].external_id}", more=True)
        return Page(tuple(notices), cursor=str(newest))

    def read(self, body: bytes, service: Service, door: Door) -> tuple[PaymentFacts, ...]:
        """What a stored notice says about money. Raises InvalidInput for one that cannot be read."""
        try:
            event = orjson.loads(body)
        except ValueError as error:
            raise InvalidInput("A note from Stripe cannot be read.") from error
        if not isinstance(event, dict):
            raise InvalidInput("A note from Stripe cannot be read.")
        return read_event(event, Calls(service, door))


def _check_key(key: str) -> None:
    if key.startswith("sk_"):
        raise InvalidInput(
            "That is the secret key, which can do everything in your Stripe account. We do not want to hold it. "
            "Make a restricted key instead: it starts with rk_.",
            field="key",
        )
    if key.startswith("pk_"):
        raise InvalidInput(
            "That is the publishable key, with which nothing can be read. Make a restricted key instead: it starts with rk_.", field="key"
        )
    if key.startswith("whsec_"):
        raise InvalidInput("That is the signing secret; it belongs in the other field. The restricted key starts with rk_.", field="key")
    if not _KEY.fullmatch(key):
        raise InvalidInput(
            "That does not look like a restricted key of Stripe. It starts with rk_live_ (or rk_test_ to try things).", field="key"
        )


def _incoming(event: JsonObject | object, body: bytes) -> Incoming | None:
    if not isinstance(event, Mapping) or event.get("object") != "event":
        return None
    name, created = event.get("id"), event.get("created")
    if not isinstance(name, str) or not re.fullmatch(r"evt_\w{1,250}", name):
        return None
    known = isinstance(created, int) and 0 < created < 2**33
    return Incoming(name, body, datetime.fromtimestamp(created, UTC) if known and isinstance(created, int) else None)


def _open_cursor(cursor: str, since: datetime) -> tuple[int, int, str]:
    """floor, newest time seen, event to go on after."""
    parts = cursor.split(":")
    newest = int(parts[0]) if parts[0].isdigit() else 0
    if len(parts) == 3 and parts[1].isdigit():
        return int(parts[1]), newest, parts[2]
    begin = int(since.timestamp())
    return max(begin, newest - int(_OVERLAP.total_seconds())), newest, ""
