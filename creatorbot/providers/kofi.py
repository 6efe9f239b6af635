"""Ko-fi: it only tells. Its notes are a form with one field of JSON, and their only proof is a word inside them.

Fields and kinds are those of ko-fi.com/manage/webhooks. There is no signature and nothing to ask: what was paid before Ko-fi was
connected, its fees and what was given back stay unknown.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

import orjson

from creatorbot.amounts import Money
from creatorbot.errors import BadSignature, InvalidInput
from creatorbot.providers.base import Connected, Field, Incoming, Manner, PaymentFacts, PaymentKind, Service
from creatorbot.security.http import Door
from creatorbot.security.secrets import same
from creatorbot.wording import N_

JsonObject = Mapping[str, object]
# What its buttons “Send … Test” send is all one and the same payment.
TEST_PAYMENT = "00000000-1111-2222-3333-444444444444"
_LARGEST_NOTICE = 256 * 1024
_TOKEN = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,100}")
_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,3})?")
_KINDS: dict[str, PaymentKind] = {"Donation": "tip", "Subscription": "subscription", "Shop Order": "sale", "Commission": "sale"}
_NOT_KOFIS = N_("This is not a note of the kind Ko-fi sends.")
_WRONG_TOKEN = N_(
    "This note does not carry the verification code you pasted. If you changed it at Ko-fi, copy it again under Connections: "
    "then this note is counted."
)


class Kofi:
    """The adapter. Holds nothing; every call is given what it needs."""

    name = "kofi"
    label = "Ko-fi"
    fields: tuple[Field, ...] = (
        Field(
            name="token",
            label=N_("Verification code"),
            help=N_("On Ko-fi’s page it is called “Verification Token”: five groups of letters and digits with hyphens between them."),
        ),
    )
    manner = Manner(
        lead=N_("What your listeners give you on Ko-fi appears here next to everything else. The money goes where it always went."),
        steps_at="ko-fi.com/manage/webhooks",
        before=(
            N_("Log in at Ko-fi and open ko-fi.com/manage/webhooks."),
            N_("Open “Advanced” there and copy what stands under “Verification Token”."),
            N_("Paste it here and press the button."),
        ),
        after=(
            N_("On ko-fi.com/manage/webhooks paste this address into “Webhook URL” and press “Update”:"),
            N_("Press “Send Single Donation Test” there. Ko-fi’s test counts nowhere; it only shows that notes arrive."),
        ),
        whole_account=True,
        tells_fees=False,
        answer=200,
        tried=N_(
            "Built from what Ko-fi writes about its notes and from notes that others recorded; it was never tried with a real Ko-fi page. "
            "Ko-fi tells us neither its fees nor refunds, and nothing of what was paid before you connected it."
        ),
    )

    def connect(self, service: Service, door: Door) -> Connected:
        """Only the shape can be checked: Ko-fi cannot be asked. Raises InvalidInput."""
        if not _TOKEN.fullmatch(service.secrets.get("token", "")):
            raise InvalidInput("That does not look like Ko-fi’s Verification Token: it has 36 signs, four of them hyphens.", field="token")
        return Connected(f"Ko-fi …{service.secrets['token'][-4:]}", live=True)

    def verify(self, headers: Mapping[str, str], body: bytes, service: Service, now: datetime) -> Incoming:
        """The word inside must be the one the artist pasted; with another one the note is in doubt. Raises BadSignature for nonsense."""
        if len(body) > _LARGEST_NOTICE:
            raise BadSignature(_NOT_KOFIS)
        try:
            told = _opened(body)
        except InvalidInput as error:
            raise BadSignature(_NOT_KOFIS) from error
        token, name = told.get("verification_token"), told.get("message_id")
        if not isinstance(token, str) or not token:
            raise BadSignature(_NOT_KOFIS)
        by_body = hashlib.sha256(body).hexdigest()[:40]
        if not same(token.lower(), service.secrets.get("token", "").lower()):
            return Incoming(f"doubt-{by_body}", body, doubt=_WRONG_TOKEN)
        return Incoming(name if isinstance(name, str) and _NAME.fullmatch(name) else f"body-{by_body}", body)

    def read(self, body: bytes, service: Service, door: Door) -> tuple[PaymentFacts, ...]:
        """One payment; none in a test. Raises InvalidInput for a note that cannot be read."""
        told = _opened(body)
        payment = told.get("kofi_transaction_id")
        if not isinstance(payment, str) or not _NAME.fullmatch(payment):
            raise _missing("kofi_transaction_id")
        if payment == TEST_PAYMENT:
            return ()
        return (
            PaymentFacts(
                external_id=payment,
                kind=_kind(told),
                amount=_amount(told),
                paid_at=_moment(told),
                country=_country(told),
                bought=_bought(told),
            ),
        )


def _opened(body: bytes) -> JsonObject:
    """The JSON in the form's one field. Raises InvalidInput."""
    try:
        given = parse_qs(body.decode("utf-8"), strict_parsing=True, max_num_fields=20, errors="strict")["data"]
        told = orjson.loads(given[0]) if len(given) == 1 else None
    except (ValueError, KeyError) as error:
        raise InvalidInput("A note from Ko-fi cannot be read.") from error
    if not isinstance(told, dict):
        raise InvalidInput("A note from Ko-fi cannot be read.")
    return told


def _kind(told: JsonObject) -> PaymentKind:
    """A kind we have not met is money all the same."""
    known = _KINDS.get(str(told.get("type")))
    return known or ("subscription" if told.get("is_subscription_payment") is True else "tip")


def _amount(told: JsonObject) -> Money:
    amount, currency = told.get("amount"), told.get("currency")
    if not isinstance(amount, str) or not _AMOUNT.fullmatch(amount):
        raise _missing("amount")
    if not isinstance(currency, str):
        raise _missing("currency")
    return Money.of(amount, currency.upper())


def _moment(told: JsonObject) -> datetime:
    given = told.get("timestamp")
    try:
        found = datetime.fromisoformat(given if isinstance(given, str) else "")
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _missing("timestamp") from error


def _country(told: JsonObject) -> str | None:
    """Where it is sent, where something is sent: the one thing kept of the buyer."""
    shipping = told.get("shipping")
    code = shipping.get("country_code") if isinstance(shipping, Mapping) else None
    return code.upper() if isinstance(code, str) and len(code) == 2 and code.isascii() and code.isalpha() else None


def _bought(told: JsonObject) -> tuple[str, ...]:
    """The pages of the things in a shop order. Empty when one of them has no code: then it is not known what was bought."""
    items = told.get("shop_items")
    codes = [item.get("direct_link_code") if isinstance(item, Mapping) else None for item in items] if isinstance(items, list) else []
    known = [code for code in codes if isinstance(code, str) and _NAME.fullmatch(code)]
    return tuple(f"https://ko-fi.com/s/{code}" for code in dict.fromkeys(known)) if len(known) == len(codes) else ()


def _missing(name: str) -> InvalidInput:
    return InvalidInput("A note from Ko-fi cannot be read: its “%(name)s” is missing or makes no sense.", name=name)
