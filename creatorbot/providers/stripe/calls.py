"""Calls to Stripe through its own library and our door; the one place that knows the library's exceptions."""

import logging
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import requests
import stripe

from creatorbot.errors import ServiceError
from creatorbot.providers.base import Checkout, Order, Service
from creatorbot.providers.stripe.read import KIND, REFERENCE, TYPES, JsonObject
from creatorbot.security.http import Door, meaning
from creatorbot.wording import N_

stripe.enable_telemetry = False
# At DEBUG the library logs whole answers, which name buyers.
logging.getLogger("stripe").setLevel(logging.WARNING)

_TIMEOUT_S = (5.0, 30.0)
_PAGE = 100
_LOCALES = frozenset(
    (  # the languages of Stripe's page
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "en-GB",
        "es",
        "es-419",
        "et",
        "fi",
        "fil",
        "fr",
        "fr-CA",
        "hi-IN",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "mt",
        "nb",
        "nl",
        "pl",
        "pt",
        "pt-BR",
        "ro",
        "ru",
        "sk",
        "sl",
        "sv",
        "th",
        "tr",
        "vi",
        "zh",
        "zh-HK",
        "zh-TW",
    )
)
_PERMISSION = re.compile(r"rak_(\w+)_(read|write)")


class Calls:
    """One key's calls. Every method raises only ServiceError."""

    def __init__(self, service: Service, door: Door) -> None:
        http = stripe.RequestsClient(timeout=_TIMEOUT_S, session=door.session())
        # No repeats here: whoever calls decides, and keys of ours make a repeat harmless.
        if service.base_url:
            self._client = stripe.StripeClient(
                service.secrets["key"], http_client=http, max_network_retries=0, base_addresses={"api": service.base_url.rstrip("/")}
            )
        else:
            self._client = stripe.StripeClient(service.secrets["key"], http_client=http, max_network_retries=0)

    def payment_intent(self, intent: str) -> JsonObject:
        """With its charge and that one's balance transaction."""
        with translated():
            return self._client.v1.payment_intents.retrieve(intent, {"expand": ["latest_charge.balance_transaction"]}).to_dict(
                for_json=True
            )

    def session_of(self, intent: str) -> JsonObject | None:
        """The checkout session that made this payment intent."""
        with translated():
            found = self._client.v1.checkout.sessions.list({"payment_intent": intent, "limit": 1}).data
            return found[0].to_dict(for_json=True) if found else None

    def refund(self, refund: str) -> JsonObject:
        """With its balance transactions."""
        with translated():
            return self._client.v1.refunds.retrieve(refund, {"expand": ["balance_transaction", "failure_balance_transaction"]}).to_dict(
                for_json=True
            )

    def refunds_of(self, charge: str) -> Sequence[JsonObject]:
        """All refunds of a charge (at most a hundred), with their balance transactions."""
        with translated():
            found = self._client.v1.refunds.list({"charge": charge, "limit": _PAGE, "expand": ["data.balance_transaction"]})
            return [refund.to_dict(for_json=True) for refund in found.data]

    def events(self, floor: int, after: str) -> tuple[list[JsonObject], bool]:
        """One page of events of the types we know, newest first, and whether there are older ones.

        floor: seconds; nothing made before it. after: id of the last event of the page before, or "".
        """
        with translated():
            if after:
                found = self._client.v1.events.list(
                    {"types": list(TYPES), "limit": _PAGE, "created": {"gte": floor}, "starting_after": after}
                )
            else:
                found = self._client.v1.events.list({"types": list(TYPES), "limit": _PAGE, "created": {"gte": floor}})
            return [event.to_dict(for_json=True) for event in found.data], bool(found.has_more)

    def try_permissions(self) -> None:
        """Two harmless questions whose answers show that the key may do what it is for."""
        with translated():
            self._client.v1.events.list({"limit": 1})
            self._client.v1.checkout.sessions.list({"limit": 1})

    def open_session(self, order: Order) -> Checkout:
        """A payment page for this order. The same order again gives the same page."""
        carried = {REFERENCE: order.reference, KIND: order.kind}
        with translated():
            price = self._price(order) if order.adjustable else None
            session = self._client.v1.checkout.sessions.create(
                {
                    "mode": "payment",
                    "submit_type": "pay",
                    "client_reference_id": order.reference,
                    "metadata": carried,
                    "payment_intent_data": {"metadata": carried, "description": order.title[:500]},
                    "line_items": [{"price": price, "quantity": 1} if price else {"price_data": _price_data(order), "quantity": 1}],
                    "success_url": order.success_url,
                    "cancel_url": order.cancel_url,
                    "locale": _locale(order.language),
                },
                {"idempotency_key": f"{order.reference}-session"},
            )
            if not session.url or not session.id:
                raise ServiceError(_UNREADABLE)
            return Checkout(external_id=session.id, url=session.url)

    def _price(self, order: Order) -> str:
        """A price the fan can still change on Stripe's page: it exists only as a thing of its own, not inside a session."""
        adjustable: stripe.params.PriceCreateParamsCustomUnitAmount = {"enabled": True, "preset": (order.suggested or order.amount).minor}
        if order.minimum and order.minimum.minor:
            adjustable["minimum"] = order.minimum.minor
        price = self._client.v1.prices.create(
            {"currency": order.amount.currency.lower(), "product_data": {"name": order.title[:250]}, "custom_unit_amount": adjustable},
            {"idempotency_key": f"{order.reference}-price"},
        )
        return price.id


def _price_data(order: Order) -> "stripe.params.checkout.SessionCreateParamsLineItemPriceData":
    product: stripe.params.checkout.SessionCreateParamsLineItemPriceDataProductData = {"name": order.title[:250]}
    if order.description:
        product["description"] = order.description[:500]
    if order.image_url and order.image_url.startswith("https://"):
        product["images"] = [order.image_url]
    return {"currency": order.amount.currency.lower(), "unit_amount": order.amount.minor, "product_data": product}


def _locale(language: str | None) -> str:
    wanted = (language or "").replace("_", "-")
    return next((known for known in (wanted, wanted[:2]) if known in _LOCALES), "auto")


_UNREADABLE = N_("Stripe answered with something that cannot be read.")


@contextmanager
def translated() -> Iterator[None]:
    """Whatever the library raises inside comes out as a ServiceError that says whether anything may have happened there."""
    try:
        yield
    except stripe.StripeError as error:
        raise _service_error(error) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        # The library builds objects from the answer without checking its shape.
        raise ServiceError(_UNREADABLE) from error


def _service_error(error: stripe.StripeError) -> ServiceError:
    status = error.http_status
    reason = (error.user_message or "")[:200]
    if isinstance(error, stripe.APIConnectionError):
        # The library wraps whatever our door's session raised, and that one knows whether a byte went out.
        return meaning(error.__cause__, "Stripe") if isinstance(error.__cause__, requests.RequestException) else ServiceError(_UNREADABLE)
    if isinstance(error, stripe.AuthenticationError):
        return ServiceError(
            "Stripe does not accept the key (any more). Make a new restricted key there and paste it under Connections.",
            kind="revoked",
            status=status,
        )
    if isinstance(error, stripe.PermissionError):
        found = _PERMISSION.search(error.user_message or "")
        if found is None:
            return ServiceError("Stripe says the key may not do that: %(reason)s", kind="refused", status=status, reason=reason)
        return ServiceError(
            "The Stripe key lacks a permission: “%(permission)s” must be set to %(level)s. Change the key in Stripe, nothing is lost.",
            kind="refused",
            status=status,
            permission=found[1].replace("_", " "),
            level=found[2],
        )
    if isinstance(error, stripe.RateLimitError):
        after = (error.headers or {}).get("retry-after", "")
        return ServiceError(
            "Stripe asks us to slow down. We try again in a moment.",
            kind="busy",
            status=status,
            retry_after=float(after) if after.isascii() and after.isdigit() else None,
        )
    if getattr(error, "code", None) == "amount_too_small":
        return ServiceError("Stripe does not take amounts as small as this one.", kind="refused", status=status)
    if status is not None and 400 <= status < 500 and status != 409:
        return ServiceError("Stripe refused: %(reason)s", kind="refused", status=status, reason=reason)
    return ServiceError("Stripe has trouble at the moment. We try again by ourselves.", kind="unknown", status=status)
