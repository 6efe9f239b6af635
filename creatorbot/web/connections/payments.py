"""Connecting a payment service: its fields are drawn from the adapter."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists.installation import installation_of
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.ledger import services
from creatorbot.providers.base import Asked, Till
from creatorbot.web import here
from creatorbot.web.connections.overview import SERVICE_STATES
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("payments", __name__)
# How often the page asks again by itself whether a first note came, and after how many seconds.
LOOKS, LOOK_AFTER = 60, 5


@pages.get("/connections/payments/<provider>")
@here.needs("viewer")
def show(provider: str) -> ResponseReturnValue:
    """What is connected, and the form."""
    return _page(provider, None)


@pages.post("/connections/payments/<provider>")
@here.needs("owner")
def save(provider: str) -> ResponseReturnValue:
    """Checks the keys with the service and keeps them sealed."""
    adapter, form, place = services.provider_of(provider), forms.typed(), request.form.get("place", "").strip()
    if place and not here.runtime().door_for(here.artist_id()).admits(place):
        raise InvalidInput("That address is not part of your rehearsal.")
    try:
        services.connect_service(here.runtime(), here.artist_id(), provider, form.values, base_url=place)
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        return _page(provider, form), 422
    if isinstance(adapter, Till):
        forms.tell(N_("%(service)s is connected. Tips can come in."), service=adapter.label)
    else:
        forms.tell(N_("Saved. Now %(service)s has to learn where to tell us."), service=adapter.label)
    return redirect(f"/connections/payments/{provider}", 303)


@pages.post("/connections/payments/<provider>/disconnect")
@here.needs("owner")
def disconnect(provider: str) -> ResponseReturnValue:
    """Forgets the keys; payments stay."""
    with here.runtime().session() as rows:
        service = services.service_at(rows, here.artist_id(), provider)
        if service is not None and service.id is not None:
            services.disconnect(rows, here.artist_id(), service.id)
    forms.tell(N_("%(service)s is taken off. Payments you had stay in your books."), service=services.provider_of(provider).label)
    return redirect("/connections", 303)


def _page(provider: str, form: forms.Form | None) -> Response:
    """While a first note is waited for, the page asks again by itself, a while."""
    adapter = services.provider_of(provider)
    with here.runtime().reading() as rows:
        service, own = services.service_at(rows, here.artist_id(), provider), installation_of(rows)
    public = own.public_url if own and own.public_answered_at else ""
    only_tells = not isinstance(adapter, Asked)
    if only_tells and not public.startswith("https://"):  # nobody sends such notes elsewhere
        public = ""
    hook = f"{public}/hooks/{provider}/{service.public_id}" if public and service else ""
    waits = bool(hook and service and form is None and services.waits_for_first(service))
    looked = _looked()
    answer = make_response(
        render_template(
            "connections/payments.html",
            adapter=adapter,
            only_tells=only_tells,
            is_till=isinstance(adapter, Till),
            service=service,
            hook=hook,
            public=public,
            waits=waits,
            looks_again=waits and looked < LOOKS,
            form=form,
            states=SERVICE_STATES,
            place=request.values.get("place", ""),
            active="connections",
        )
    )
    if waits and looked < LOOKS:
        answer.headers["Refresh"] = f"{LOOK_AFTER}; url=/connections/payments/{provider}?looked={looked + 1}"
    return answer


def _looked() -> int:
    typed = request.args.get("looked", "0")
    return min(int(typed), LOOKS) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0
