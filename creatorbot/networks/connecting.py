"""How a person connects an account of one kind of network, as data: the connect page is drawn from it, for every network alike.

A network connects in one of two ways, told apart by the port it speaks (creatorbot.networks.base):

    ByBrowser   the person types a server, is shown what it says about itself, goes there, says yes, and comes back.
                server_address -> discover -> register (cached) -> authorize_address -> exchange -> whoami
    ByFields    the person types a name and a password made for us; nothing else happens in the browser.
                server_address -> discover -> log_in -> whoami

`where` is what `server_address` is given, and errors about it name it as their field. All that was typed, `where` included, goes to
`register` or `log_in` under the asks' names. A network that lives in one place has no `where`: its server_address is given "".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NOTHING_TYPED: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Ask:
    """One thing the connect page asks for. label, hint: gettext ids. secret: never shown again, never put into an address.

    autocomplete, inputmode: as HTML has them.
    """

    name: str
    label: str
    hint: str = ""
    secret: bool = False
    required: bool = True
    autocomplete: str = "off"
    inputmode: str = ""


@dataclass(frozen=True)
class Connecting:
    """What the connect page says and asks. All sentences are gettext ids in plain words, without places for values.

    about: one line for the page that asks "Which network?". question: the heading. lead: the sentence under it. steps: what has to
    be done elsewhere first, in order; steps_at: the address where one begins, as people know it, without https://. where: the
    server or the name it is found by. asks: what else is typed. after: what happens next, and what of it we never see. cannot: what
    does not work there, a sentence each. tried: what our side was tried with, and that it was never tried against the real service
    where that is so. software: the names by which servers of this network call themselves (NodeInfo, lower case), so that a server
    typed on another network's page is shown the way here. returns: the parameter in which the browser brings back what `exchange`
    takes as its code.
    """

    about: str
    question: str
    lead: str
    after: str
    tried: str
    where: Ask | None = None
    asks: tuple[Ask, ...] = ()
    steps: tuple[str, ...] = ()
    steps_at: str = ""
    cannot: tuple[str, ...] = ()
    software: tuple[str, ...] = ()
    returns: str = "code"

    @property
    def all_asks(self) -> tuple[Ask, ...]:
        """Everything the page asks for, in order."""
        return (self.where, *self.asks) if self.where else self.asks
