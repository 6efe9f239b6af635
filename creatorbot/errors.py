"""The exception tree. What the artist reads is a sentence; what a program needs is an attribute.

    CreatorbotError
      NotFound        the thing asked for does not exist, or not for this member
      NotAllowed      it exists, but this member may not do that
      Conflict        somebody else was quicker; nothing was changed
      InvalidInput    what was typed cannot be used; `field` names the form field
      ServiceError    an outside service said no, said nothing, or could not be reached
      BadSignature    a notice was not signed by whom it claims

A message is a gettext id in English with %(name)s places; the values travel beside it, so that the edge
can say it in the reader's language. `str(error)` is the English sentence.
"""

from typing import Literal

ServiceKind = Literal["refused", "revoked", "busy", "unreached", "unknown"]


class CreatorbotError(Exception):
    """Base of everything we raise on purpose."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotFound(CreatorbotError):
    """The thing asked for does not exist, or not for this member."""


class NotAllowed(CreatorbotError):
    """The member's role does not reach that far."""


class Conflict(CreatorbotError):
    """Somebody else was quicker, or the row is in a state that forbids it. Nothing was changed."""


class InvalidInput(CreatorbotError):
    """What was typed cannot be used. `field` names the form field, or is empty."""

    def __init__(self, message: str, *, field: str = "", **values: object) -> None:
        super().__init__(message, **values)
        self.field = field


class ServiceError(CreatorbotError):
    """An outside service failed us.

    kind: "refused"   it answered and said no (4xx): nothing happened there
          "revoked"   it answered that our permission is gone: nothing happened there
          "busy"      it asks us to come back later (429): nothing happened there; see retry_after
          "unreached" no byte of the request was delivered (DNS, refused, TLS): nothing happened there
          "unknown"   a time-out, a cut connection, any 5xx, an unreadable 200: it may have happened
    retry_after: seconds to wait, where the service said so.
    status: HTTP status where there was one.
    """

    def __init__(
        self,
        message: str,
        *,
        kind: ServiceKind = "unknown",
        retry_after: float | None = None,
        status: int | None = None,
        **values: object,
    ) -> None:
        super().__init__(message, **values)
        self.kind: ServiceKind = kind
        self.retry_after = retry_after
        self.status = status

    @property
    def permanent(self) -> bool:
        """True when trying the same again cannot help."""
        return self.kind in ("refused", "revoked")


class BadSignature(CreatorbotError):
    """A notice was not signed by whom it claims. Nothing of it was kept."""
