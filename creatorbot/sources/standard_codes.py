"""UPC and ISRC: the trade's own numbers of a product and of a recording. Only well-formed ones, since releases are joined by them."""

import re


def upc(value: object) -> str:
    """An UPC or EAN: 8, 12, 13 or 14 digits with the right last one; "" for anything else. Spaces and hyphens are dropped."""
    digits = re.sub(r"[\s-]", "", value) if isinstance(value, str) else str(value) if isinstance(value, int) else ""
    if len(digits) not in (8, 12, 13, 14) or not (digits.isascii() and digits.isdigit()) or not digits.strip("0"):
        return ""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits[:-1])))
    return digits if (10 - total % 10) % 10 == int(digits[-1]) else ""


def isrc(value: object) -> str:
    """An ISRC: country, registrant, year, number ("SE3AB2410001"); "" for anything else."""
    told = re.sub(r"[\s-]", "", value).upper() if isinstance(value, str) else ""
    return told if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", told, re.ASCII) else ""
