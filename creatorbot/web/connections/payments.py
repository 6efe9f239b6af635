"""Connecting a payment service: its fields are drawn from the adapter."""

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from creatorbot.artists.installation import installation_of
from creatorbot.errors import InvalidInput, ServiceError
from creatorbot.ledger import services
from creatorbot.web import here
from creatorbot.web.connections.overview import SERVICE_STATES
from creatorbot.web.house import forms
from creatorbot.wording import N_

pages = Blueprint("payments", __name__)


@pages.get("/connections/payments/<provider>")
@here.needs("viewer")
def show(provider: str) -> ResponseReturnValue:
    """What is connected, and the form."""
    return _page(provider, None)


@pages.post("/connections/payments/<provider>")
@here.needs("owner")
def save(provider: str) -> ResponseReturnValue:
    """Checks the keys with the service and keeps them sealed."""
    form, place = forms.typed(), request.form.get("place", "").strip()
    if place and not here.runtime().door_for(here.artist_id()).admits(place):
        raise InvalidInput("That address is not part of your rehearsal.")
    try:
        services.connect_service(here.runtime(), here.artist_id(), provider, form.values, base_url=place)
    except (InvalidInput, ServiceError) as error:
        form.refuse(error)
        return _page(provider, form), 422
    forms.tell(N_("%(service)s is connected. Tips can come in."), service=services.provider_of(provider).label)
    return redirect(f"/connections/payments/{provider}", 303)


@pages.post("/connections/payments/<provider>/disconnect")
@here.needs("owner")
def disconnect(provider: str) -> ResponseReturnValue:
    """Forgets the keys; payments stay."""
    with here.runtime().session() as rows:
        service = services.service_of(rows, here.artist_id())
        if service is not None and service.id is not None and service.provider == provider:
            services.disconnect(rows, here.artist_id(), service.id)
    forms.tell(N_("%(service)s is taken off. Payments you had stay in your books."), service=services.provider_of(provider).label)
    return redirect("/connections", 303)


def _page(provider: str, form: forms.Form | None) -> str:
    adapter = services.provider_of(provider)
    with here.runtime().reading() as rows:
        service, own = services.service_of(rows, here.artist_id()), installation_of(rows)
    if service is not None and service.provider != provider:
        service = None
    public = own.public_url if own and own.public_answered_at else ""
    hook = f"{public}/hooks/{provider}/{service.public_id}" if public and service else ""
    return render_template(
        "connections/payments.html",
        adapter=adapter,
        service=service,
        hook=hook,
        public=public,
        form=form,
        states=SERVICE_STATES,
        place=request.values.get("place", ""),
        active="connections",
    )
