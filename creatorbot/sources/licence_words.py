"""How people write licences down: "CC BY-SA 4.0", "Namensnennung – Nicht kommerziell 3.0 Deutschland", and how they take it back."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LICENCE_TEXT_LIMIT = 20_000
_NEARBY = 300  # characters before and after a mention that can belong to its sentence
_CODES = (
    "am ar at au az be bg br ca ch cl cn co cr cz de dk ec ee eg es fi fr ge gr gt hk hr hu ie igo il in it jp kr lu mk mt mx my nl no nz "
    "pe ph pl pr pt ro rs ru scotland se sg si th tw ua ug uk us ve vn za"
)
PORTS = {code: code.upper() for code in _CODES.split()} | {"gb": "UK", "usa": "US"}
_COUNTRIES = {
    "AT": "osterreich|austria|autriche",
    "AU": "australia|australie",
    "BE": "belgium|belgique|belgie|belgien|belgica",
    "BR": "brazil|brasil|bresil|brasilien",
    "CA": "canada|kanada",
    "CH": "switzerland|schweiz|suisse|svizzera|suiza",
    "CL": "chile|chili",
    "CZ": "czech republic|czechia|tschechien",
    "DE": "germany|deutschland|allemagne|alemania|germania",
    "DK": "denmark|danmark|danemark",
    "ES": "spain|espana|espagne|spanien|spagna",
    "FI": "finland|suomi|finlande|finnland",
    "FR": "france|francia|frankreich",
    "GR": "greece|griechenland|grece",
    "IE": "ireland|irland|irlande",
    "IGO": "igo|intergovernmental organi[sz]ations?",
    "IT": "italy|italia|italie|italien",
    "JP": "japan|japon",
    "MX": "mexico|mexique|mexiko",
    "NL": "netherlands|nederland|niederlande|pays-bas|paises bajos",
    "NO": "norway|norge|norvege|norwegen",
    "NZ": "new zealand|neuseeland",
    "PL": "poland|polska|pologne|polen|polonia",
    "PT": "portugal",
    "SCOTLAND": "uk[:\\s]+scotland|scotland",
    "SE": "sweden|sverige|suede|schweden",
    "UK": "uk[:\\s]+england(?: (?:and|&) wales)?|england(?: (?:and|&) wales)?|united kingdom|uk",
    "US": "united states|etats-unis|estados unidos|vereinigte staaten|usa|us",
    "ZA": "south africa|sudafrika",
}
_BY = "attribution|namensnennung|paternite|reconocimiento|atribucion|attribuzione|atribuicao|naamsvermelding|reconeixement"
_NC = (
    r"non[\s-]*commercial(?:e|es)?|nicht[\s-]*kommerziell(?:e nutzung)?|keine[\s-]*kommerzielle(?:[\s-]*nutzung)?"
    r"|pas[\s-]*d'?[\s-]*utilisation[\s-]*commerciale|(?:pas[\s-]*d')?utilisation[\s-]*non[\s-]*commerciale|usage[\s-]*non[\s-]*commercial"
    r"|no[\s-]*comercial|non[\s-]*commerciale|nao[\s-]*comercial|uso[\s-]*nao[\s-]*comercial|niet[\s-]*commercieel"
)
_SA = (
    r"share[\s-]*alike|weitergabe[\s-]*unter[\s-]*gleichen[\s-]*bedingungen|partage[\s-]*dans[\s-]*les[\s-]*memes[\s-]*conditions"
    r"|partage(?:[\s-]*des[\s-]*conditions[\s-]*initiales)?[\s-]*a[\s-]*l'?[\s-]*identique|compartir[\s-]*igual"
    r"|condividi[\s-]*allo[\s-]*stesso[\s-]*modo|compartilha[\s-]*igual|partilha[\s-]*(?:igual|nos[\s-]*termos[\s-]*da[\s-]*mesma[\s-]*licenca)"
    r"|gelijk[\s-]*delen"
)
_ND = (
    r"no[\s-]*deriv(?:ative)?s?(?:[\s-]*works?)?|keine[\s-]*bearbeitung(?:en)?|pas[\s-]*de[\s-]*modifications?|pas[\s-]*d'oeuvres?[\s-]*derivees?"
    r"|pas[\s-]*de[\s-]*travaux[\s-]*derives|sin[\s-]*obras?[\s-]*derivadas?|sin[\s-]*derivad[ao]s?|non[\s-]*opere[\s-]*derivate"
    r"|sem[\s-]*deriva(?:coes|dos|das)|geen[\s-]*afgeleide[\s-]*werken"
)
_KINDS = (("nc", re.compile(_NC, re.I)), ("sa", re.compile(_SA, re.I)), ("nd", re.compile(_ND, re.I)))
_LICENCE = r"(?:(?:public\s+)?licen[cs]ed?|lizenz|licencia|licenza|licenca|licentie)"
_NUMBER = rf"(?:[\s_,()-]{{0,3}}{_LICENCE})?[\s_,()-]{{0,3}}(?:version|v)?\.?[\s_-]{{0,2}}(\d\.\d)(?!\.?\d)"
_WITHOUT_PORT = (
    r"unported|international|internacional|internazionale|generic|generique|generico|generico|universal|nicht portiert|non transpose"
)
_WHERE = re.compile(
    r"[\s,()-]{0,3}(?:(?P<none>" + _WITHOUT_PORT + ")|" + "|".join(f"(?P<{port}>{names})" for port, names in _COUNTRIES.items()) + r")\b",
    re.I,
)
_PORT = re.compile(r"-([A-Za-z]{2,3}|scotland)(?![\w-])|\s{1,3}\(?([A-Z]{2,3})(?![\w-])")
_SHORT = re.compile(
    r"(?<![A-Za-z0-9])(?:\(?cc\)?|creative\s{1,3}commons)[\s:_-]{0,3}(?:(\d\.\d)[\s_-]{1,3})?"
    r"((?:(?:nc[\s_-]{1,2})?sampling(?:\s?\+|[\s_-]{0,2}plus\b)?|by|nc|sa|nd)(?:[\s_/-]{0,3}(?:nc|sa|nd|by)){0,3})(?![a-z])"
    + f"(?:{_NUMBER})?",
    re.I,
)
_LONG = re.compile(
    rf"\b(?:{_BY})(?:\s?/\s?(?:{_BY}))?((?:[\s,;&+/()-]{{0,4}}(?:(?:and|und|et|y|e|en)\s+)?(?:{_NC}|{_SA}|{_ND})){{0,3}})(?:{_NUMBER})?",
    re.I,
)
_ZERO = re.compile(r"(?<![A-Za-z0-9])(?:cc|creative\s{1,3}commons)[\s:_-]{0,3}(?:0|zero)(?![a-z0-9]|\.[1-9])", re.I)
_MARK = re.compile(r"\bpublic[\s-]{1,3}domain[\s-]{1,3}mark\b", re.I)
_RESERVED = re.compile(
    r"\ball\s+rights\s+(?:are\s+)?reserved|\balle\s+rechte\s+vorbehalten|\btous\s+droits\s+reserves|\btodos\s+(?:los\s+derechos|os\s+direitos)\s+reservados"
    r"|\btutti\s+i\s+diritti\s+(?:sono\s+)?riservati|\balle\s+rechten\s+voorbehouden",
    re.I,
)
_NO_RIGHTS = re.compile(r"\bno\s+(?:rights?\s+reserved|(?:known\s+)?copyright)\b", re.I)
# Taken back: one of these and then nothing but small words up to the licence.
_DENIED = re.compile(
    r"(?:\b(?:not|no|never|no\s+longer|formerly|previously|nicht|kein\w{0,2}|fruher|ehemals|vormals|pas|plus|jamais|anciennement|nunca|ya\s+no|antes|non)"
    r"|n't|\bnon-)"
    r"(?:[\s,:(-]+(?:an?|the|any|under|licen[cs]ed?|released|published|available|covered|by|this|it|is|was|longer|more|creative|commons|unter|einer?|"
    r"der|die|mehr|lizenziert|veroffentlicht|steht|sous|une|la|licence|publie|esta|bajo|una|licencia|con|sotto|licenza)){0,8}[\s,:(-]*$",
    re.I,
)
_DENIED_AFTER = re.compile(
    r"^[\s,()-]{0,3}(?:does(?:\s+not|n't)\s+apply|no\s+longer|gilt\s+(?:hier\s+)?nicht|ne\s+s'applique\s+pas|no\s+se\s+aplica)", re.I
)
_EXCEPTED = re.compile(
    r"\b(?:unless|except(?:ion|ions|ing)?|excluding|other\s+than|(?:soweit|sofern|wenn|falls)\s+nicht|ausser|ausgenommen|sauf|excepte|salvo|excepto|"
    r"a\s+meno\s+che|tranne|exceto|tenzij)\b",
    re.I,
)
# Said of something that is not the music.
_OF_A_PART = re.compile(
    r"\b(?:cover|artwork|art\s*work|sleeve|photos?|photographs?|pictures?|images?|font|fonts|samples?|sounds?\s+(?:by|from)|lyrics|coverbild|fotos?|bild(?:er)?|"
    r"schrift(?:art)?|pochette|portada|caratula|copertina|imagen(?:es)?)\b",
    re.I,
)
_SENTENCE_ENDS = re.compile(r"[.!?](?=\s)|[;\n|\u00b7\u2022]")


class Statement(NamedTuple):
    """One mention of a licence. terms: "by-sa", "zero", "mark", "reserved". version, port: "" where it does not say."""

    terms: str
    version: str = ""
    port: str = ""


Placed = tuple[Statement, int, int]


def fold(text: str) -> str:
    """The text without accents, with one kind of dash and apostrophe; letters keep their case."""
    plain = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return (
        re.sub("[\u2010-\u2015\u2212\u2043]", "-", re.sub("[\u2018\u2019\u02bc`\u00b4]", "'", plain))
        .replace("\u00df", "ss")
        .replace("\u0153", "oe")
    )


def statements(text: str, placed: list[Placed]) -> list[Statement]:
    """All that this folded text says plainly about its own licence. placed: addresses found in it before, and where."""
    found = [*placed, *_letters(text), *_words(text), *_others(text)]
    return [one for one, start, end in found if _is_meant(text, one, start, end)]


def _is_meant(text: str, one: Statement, start: int, end: int) -> bool:
    """Whether the sentence around it neither takes it back, nor limits it, nor speaks of the picture."""
    before = _SENTENCE_ENDS.split(text[max(0, start - _NEARBY) : start])[-1]
    after = _SENTENCE_ENDS.split(text[end : end + _NEARBY], maxsplit=1)[0]
    if _EXCEPTED.search(before) or _EXCEPTED.search(after) or _DENIED_AFTER.search(after):
        return False
    if one.terms == "reserved" and re.search(r"\b(?:some|otherwise)\s", before + after, re.I):
        return False
    return not (_DENIED.search(_NO_RIGHTS.sub("", before)) or _OF_A_PART.search(before))


def _letters(text: str) -> Iterator[Placed]:
    """ "CC BY-NC-SA 4.0", "cc-by-4.0", "CC-BY-SA-3.0-DE", "Creative Commons BY 3.0"."""
    for found in _SHORT.finditer(text):
        version = found.group(1) or found.group(3) or ""
        terms = _in_order(re.findall(r"sampling|plus|\+|by|nc|sa|nd", found.group(2).lower()))
        if not terms or (not version and not found.group().isupper() and "ommons" not in found.group()):
            continue  # "cc by mail" is no licence
        end, port = _port_after(text, found.end()) if version else (found.end(), "")
        yield Statement(terms, version, port), found.start(), end


def _in_order(parts: list[str]) -> str:
    if "sampling" in parts:
        return ("nc-" if "nc" in parts else "") + "sampling" + ("+" if {"plus", "+"} & set(parts) else "")
    return "-".join(part for part in ("by", "nc", "sa", "nd") if part in parts)


def _words(text: str) -> Iterator[Placed]:
    """The licence spelt out in one of seven languages. Only where Creative Commons is named, or what follows is its way of numbering."""
    named = re.search(r"creative\s+commons|\bcc\b", text, re.I)
    for found in _LONG.finditer(text):
        version = found.group(2) or ""
        where = _WHERE.match(text, found.end()) if version else None
        if not (named or where) or not (version or found.group(1)):
            continue
        terms = ["by", *(letters for letters, words in _KINDS if words.search(found.group(1) or ""))]
        end, port = _port_after(text, found.end()) if version else (found.end(), "")
        yield Statement("-".join(terms), version, port), found.start(), end


def _port_after(text: str, at: int) -> tuple[int, str]:
    """Where the mention ends, and its port: "3.0 DE", "3.0-de", "3.0 Germany"; "" for "3.0 Unported"."""
    if where := _WHERE.match(text, at):
        return where.end(), "" if where.lastgroup in (None, "none") else str(where.lastgroup)
    code = _PORT.match(text, at)
    port = PORTS.get((code.group(1) or code.group(2)).lower(), "") if code else ""
    return (code.end(), port) if code and port else (at, "")


def _others(text: str) -> Iterator[Placed]:
    for terms, pattern in (("zero", _ZERO), ("mark", _MARK), ("reserved", _RESERVED)):
        for found in pattern.finditer(text):
            yield Statement(terms, "1.0" if terms in ("zero", "mark") else ""), found.start(), found.end()
