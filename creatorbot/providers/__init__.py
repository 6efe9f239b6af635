"""Adapters to payment services: pasted keys and raw notices in, facts about money out. One entry here per service."""

from creatorbot.providers.base import Provider
from creatorbot.providers.kofi import Kofi
from creatorbot.providers.stripe import Stripe

REGISTRY: dict[str, Provider] = {"stripe": Stripe(), "kofi": Kofi()}
