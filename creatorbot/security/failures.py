"""What may go wrong on the way outside, each in one sentence: was anything sent, may it have happened?"""

from creatorbot.errors import InvalidInput, ServiceError


def no_address() -> InvalidInput:
    """What was asked for is no http(s) address at all."""
    return InvalidInput("This is not a web address. It should look like https://example.com/music.", field="address")


def no_website() -> InvalidInput:
    """A port where mail, databases and the like live."""
    return InvalidInput("This address does not belong to a website, so it is not opened.", field="address")


def private(host: str, *, first: bool) -> InvalidInput | ServiceError:
    """The name leads to no public address. first: it is the address that was given to us, not one a server sent us on to."""
    if first:
        return InvalidInput("This address leads into a private network, so it is not opened.", field="address")
    return ServiceError("%(host)s leads into a private network, so it is not opened.", kind="refused", host=host)


def no_server(host: str) -> ServiceError:
    """The name leads nowhere."""
    return ServiceError("There is no server called %(host)s at the moment. Nothing was sent.", kind="unreached", host=host)


def untrusted(host: str) -> ServiceError:
    """The handshake failed: no valid certificate for this name, or no TLS at all."""
    return ServiceError("%(host)s has no valid certificate, so nothing was sent.", kind="unreached", host=host)


def unreached(host: str) -> ServiceError:
    """No connection was made."""
    return ServiceError("%(host)s cannot be reached at the moment. Nothing was sent.", kind="unreached", host=host)


def no_call(host: str) -> ServiceError:
    """A vendor's library asked for something that is no address."""
    return ServiceError("%(host)s is not an address that can be called. Nothing was sent.", kind="refused", host=host)


def sent_on(host: str) -> ServiceError:
    """A redirect where an answer was due."""
    return ServiceError("%(host)s sends us on to another address instead of answering. Nothing was done.", kind="refused", host=host)


def going_round(host: str) -> ServiceError:
    """Too many redirects."""
    return ServiceError("%(host)s keeps sending us on from one address to the next.", kind="refused", host=host)


def leads_astray(host: str) -> ServiceError:
    """A redirect to where we do not go."""
    return ServiceError("%(host)s sends us on to an address that cannot be opened.", kind="refused", host=host)


def leads_into_the_open(host: str) -> ServiceError:
    """A redirect from https to http."""
    return ServiceError("%(host)s sends us on to a page without encryption, which is not opened.", kind="refused", host=host)


def too_large(host: str) -> ServiceError:
    """More bytes than are read."""
    return ServiceError("%(host)s sends more than can be read: the answer is too large.", kind="unknown", host=host)


def too_slow(host: str) -> ServiceError:
    """Connected, but the answer was not complete in time."""
    return ServiceError("%(host)s took too long to answer.", kind="unknown", host=host)


def broken(host: str) -> ServiceError:
    """Connected, and cut or nonsense."""
    return ServiceError("The connection to %(host)s broke before the whole answer had arrived.", kind="unknown", host=host)
