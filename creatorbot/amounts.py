"""Money: whole minor units of one ISO currency. Two currencies never meet in a sum."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from creatorbot.errors import InvalidInput

# Currencies whose smallest unit is not a hundredth. Zero decimals as Stripe counts them, ISO 4217 for the rest.
_ZERO = frozenset(["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"])
_THREE = frozenset(["BHD", "JOD", "KWD", "OMR", "TND"])
LARGEST_MINOR = 10**15


def exponent(currency: str) -> int:
    """How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for KWD."""
    return 0 if currency in _ZERO else 3 if currency in _THREE else 2


def is_currency(text: str) -> bool:
    """Whether this looks like an ISO 4217 code: three capital letters."""
    return len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()


@dataclass(frozen=True, order=False)
class Money:
    """An exact amount. minor: whole smallest units (cents, or yen); may be negative for refunds."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not is_currency(self.currency):
            raise InvalidInput("“%(text)s” is not a currency we know.", field="currency", text=self.currency)
        if abs(self.minor) > LARGEST_MINOR:
            raise InvalidInput("That amount is too large.", field="amount")

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        return other

    @property
    def major(self) -> Decimal:
        """The amount in whole units: Decimal('7.00') for 700 EUR cents."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    @property
    def plain(self) -> str:
        """The amount with its currency's own decimals and a point: "7.00", "1980"."""
        return f"{self.major:.{exponent(self.currency)}f}"

    @classmethod
    def of(cls, major: "Decimal | str | int | float", currency: str) -> "Money":
        """From whole units. A float is read by its shortest text, so 1.1 means 1.10.

        Raises InvalidInput when it is no number, or has more decimals than the currency.
        """
        try:
            exact = Decimal(str(major).strip()).scaleb(exponent(currency))
            whole = exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
        except InvalidOperation as error:
            raise InvalidInput("“%(text)s” is not an amount.", field="amount", text=str(major)) from error
        if not exact.is_finite() or whole != exact:
            raise InvalidInput("“%(text)s” has more decimals than %(currency)s has.", field="amount", text=str(major), currency=currency)
        return cls(int(whole), currency)


_PLAIN = re.compile(r"(\d{1,15})(?:[.,](\d{1,3}))?")
_GROUPED = re.compile(r"(\d{1,3}(?:([.,])\d{3})(?:\2\d{3})*)(?:[.,](\d{1,3}))?")
# What people write for a currency beside its code. A sign that means another currency to others stands only where it is ours.
_SIGNS = {
    "EUR": ("€", "euros", "euro"),
    "USD": ("US$", "$"),
    "GBP": ("£",),
    "JPY": ("¥", "￥", "円"),
    "CHF": ("SFr.", "Fr."),
    "CAD": ("CA$", "C$", "$"),
    "AUD": ("AU$", "A$", "$"),
    "NZD": ("NZ$", "$"),
    "BRL": ("R$",),
    "SEK": ("kr",),
    "NOK": ("kr",),
    "DKK": ("kr.", "kr"),
    "PLN": ("zł",),
    "CZK": ("Kč",),
}


def _bare(text: str, currency: str) -> str:
    """The number alone: without the currency on either side of it, and without the dash of "7,-"."""
    for mark in (currency, *_SIGNS.get(currency, ())):
        for place in (rf"^{re.escape(mark)}", rf"{re.escape(mark)}$"):
            shorter = re.sub(place, "", text, count=1, flags=re.I)
            if shorter != text:
                return re.sub(r"[.,][-–—]$", "", shorter)
    return re.sub(r"[.,][-–—]$", "", text)


def parse(text: str, currency: str) -> Money:
    """What a person typed: "7", "7.50", "7,50", "7 €", "1 200,00", "1,200". Three digits after a single mark are thousands,
    unless the currency has three decimals.

    Raises InvalidInput for anything that is not an amount of 0 or more.
    """
    cleaned = _bare(re.sub(r"[\s\u00a0\u202f’']", "", text), currency)
    grouped = _GROUPED.fullmatch(cleaned) if cleaned.isascii() else None
    plain = _PLAIN.fullmatch(cleaned) if cleaned.isascii() else None
    if plain and not (grouped and exponent(currency) < 3 and not cleaned.startswith("0")):
        whole, decimals = plain.group(1), plain.group(2)
    elif grouped:
        whole, decimals = re.sub(r"[.,]", "", grouped.group(1)), grouped.group(3)
    else:
        raise InvalidInput("“%(text)s” is not an amount. Write it like 7 or 7.50.", field="amount", text=text[:40])
    return Money.of(f"{whole}.{decimals}" if decimals else whole, currency)
