"""Money: every payment, one payment with its evidence, and totals that never mix two currencies."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import select

from creatorbot.attribution.report import credits_of_payment
from creatorbot.ledger.queries import get_payment, payments_of, totals
from creatorbot.ledger.services import service_of
from creatorbot.models import Payment, PaymentService, Release
from creatorbot.providers import REGISTRY
from creatorbot.web.here import artist_id, needs, runtime
from creatorbot.wording import N_

pages = Blueprint("money", __name__)
