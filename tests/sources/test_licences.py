"""Licences: every way people write them down becomes one id, and what is not plain becomes none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creatorbot.sources.licences import ALL_RIGHTS_RESERVED, deed_of, from_address, from_text, is_known, nearest, stated

CC = "https://creativecommons.org/licenses"

ADDRESSES = [
    (f"{CC}/by/4.0/", "CC-BY-4.0"),
    (f"{CC}/by/4.0", "CC-BY-4.0"),
    ("http://creativecommons.org/licenses/by-sa/3.0/", "CC-BY-SA-3.0"),
    ("//www.creativecommons.org/licenses/by-nd/2.5/", "CC-BY-ND-2.5"),
    ("HTTPS://CreativeCommons.org/Licenses/BY-NC/2.0/", "CC-BY-NC-2.0"),
    ("creativecommons.org/licences/by-nc-sa/2.1/jp", "CC-BY-NC-SA-2.1-JP"),
    (f"{CC}/by-nc-nd/3.0/de/", "CC-BY-NC-ND-3.0-DE"),
    (f"{CC}/by-nc-nd/3.0/de/deed.de", "CC-BY-NC-ND-3.0-DE"),
    (f"{CC}/by/2.5/scotland/", "CC-BY-2.5-SCOTLAND"),
    (f"{CC}/by-sa/2.0/uk/legalcode", "CC-BY-SA-2.0-UK"),
    (f"{CC}/by/3.0/igo/", "CC-BY-3.0-IGO"),
    (f"{CC}/by-nd-nc/1.0/", "CC-BY-NC-ND-1.0"),
    (f"{CC}/by/3.0/rdf", "CC-BY-3.0"),  # no port
    (f"{CC}/by/4.0/legalcode.txt", "CC-BY-4.0"),
    (f"{CC}/by/4.0/deed.pt_BR", "CC-BY-4.0"),
    (f"{CC}/by-sa/4.0/deed.zh-hans?ref=chooser-v1", "CC-BY-SA-4.0"),
    (f"{CC}/by-sa/4.0/de/", "CC-BY-SA-4.0"),  # the fourth version has no ports
    (f"<a rel='license' href='{CC}/by/4.0/'>", "CC-BY-4.0"),
    (f"https://web.archive.org/web/2012/{CC}/by-sa/3.0/us/", "CC-BY-SA-3.0-US"),
    ("https://creativecommons.org/publicdomain/zero/1.0/", "CC0-1.0"),
    ("http://creativecommons.org/publicdomain/zero/1.0/deed.fr", "CC0-1.0"),
    ("https://creativecommons.org/publicdomain/mark/1.0/", "CC-PDM-1.0"),
    ("http://creativecommons.org/licenses/publicdomain/", "CC-PDDC"),
    (f"{CC}/nc/1.0/", "CC-NC-1.0"),
    (f"{CC}/sa/1.0", "CC-SA-1.0"),
    (f"{CC}/nd-nc/1.0/", "CC-NC-ND-1.0"),
    (f"{CC}/nc-sa/2.0/jp/", "CC-NC-SA-2.0-JP"),
    (f"{CC}/sampling/1.0/", "CC-SAMPLING-1.0"),
    (f"{CC}/sampling+/1.0/", "CC-SAMPLING-PLUS-1.0"),
    (f"{CC}/nc-sampling%2B/1.0/", "CC-NC-SAMPLING-PLUS-1.0"),
    (f"{CC}/sampling+/1.0/br/", "CC-SAMPLING-PLUS-1.0-BR"),
    (f"{CC}/devnations/2.0/", "CC-DEVNATIONS-2.0"),
    ("https://i.creativecommons.org/l/by-nc-sa/3.0/88x31.png", "CC-BY-NC-SA-3.0"),
    ("https://licensebuttons.net/p/zero/1.0/88x31.png", "CC0-1.0"),
    ("https://spdx.org/licenses/CC-BY-SA-4.0.html", "CC-BY-SA-4.0"),
    (f"{CC}/", None),
    (f"{CC}/by-sa/", None),  # which version?
    (f"{CC}/by-zz/4.0/", None),
    (f"{CC}/sa/4.0/", None),
    (f"{CC}/by/9.9/", None),
    ("https://creativecommons.org.evil.example/licenses/by/4.0/", None),
    ("https://not-creativecommons.org/licenses/by/4.0/", None),
    ("https://aoife.example/terms", None),
    ("", None),
    (None, None),
]

TEXTS = [
    ("CC BY 4.0", "CC-BY-4.0"),
    ("CC BY-NC-SA 4.0 International", "CC-BY-NC-SA-4.0"),
    ("© 2026 Aoife, CC BY-NC-ND 3.0", "CC-BY-NC-ND-3.0"),
    ("CC-BY-SA-3.0-DE", "CC-BY-SA-3.0-DE"),
    ("cc-by-4.0", "CC-BY-4.0"),
    ("cc-by-nc-sa-3.0-igo", "CC-BY-NC-SA-3.0-IGO"),
    ("cc0-1.0", "CC0-1.0"),
    ("CC_BY_NC_3.0", "CC-BY-NC-3.0"),
    ("(CC) BY-SA 2.0", "CC-BY-SA-2.0"),
    ("ccbysa 4.0", "CC-BY-SA-4.0"),
    ("CC BY–NC–ND 4.0", "CC-BY-NC-ND-4.0"),  # with dashes
    ("CC 4.0 BY-NC", "CC-BY-NC-4.0"),
    ("CC-BY v3.0 AT", "CC-BY-3.0-AT"),
    ("Creative Commons BY-SA License 4.0", "CC-BY-SA-4.0"),
    ("CC BY 3.0 US", "CC-BY-3.0-US"),
    ("CC BY 3.0 in stores now", "CC-BY-3.0"),  # not the port of India
    ("CC BY-SA 3.0 Unported", "CC-BY-SA-3.0"),
    ("CC0", "CC0-1.0"),
    ("CC0 1.0 Universal", "CC0-1.0"),
    ("Creative Commons Zero", "CC0-1.0"),
    ("No Rights Reserved (CC0)", "CC0-1.0"),
    ("Public Domain Mark 1.0", "CC-PDM-1.0"),
    ("CC Sampling Plus 1.0", "CC-SAMPLING-PLUS-1.0"),
    ("Creative Commons Attribution-ShareAlike 3.0 Unported", "CC-BY-SA-3.0"),
    ("Creative Commons Attribution 4.0 International License", "CC-BY-4.0"),
    (
        "This work is licensed under a Creative Commons Attribution-NonCommercial-NoDerivatives 4.0 International License.",
        "CC-BY-NC-ND-4.0",
    ),
    ("Creative Commons Attribution-Noncommercial-No Derivative Works 3.0 Germany", "CC-BY-NC-ND-3.0-DE"),
    ("Creative Commons Attribution Share Alike License, version 2.5", "CC-BY-SA-2.5"),
    ("Attribution-NonCommercial 4.0 International (CC BY-NC 4.0)", "CC-BY-NC-4.0"),
    ("Creative Commons Attribution-ShareAlike (CC BY-SA) 4.0", "CC-BY-SA-4.0"),
    ("Creative Commons Namensnennung 4.0 International", "CC-BY-4.0"),
    ("Creative Commons Namensnennung - Nicht kommerziell - Keine Bearbeitungen 3.0 Deutschland", "CC-BY-NC-ND-3.0-DE"),
    (
        "Dieses Werk ist lizenziert unter einer Creative Commons Namensnennung-Weitergabe unter gleichen Bedingungen 4.0 Lizenz",
        "CC-BY-SA-4.0",
    ),
    ("Namensnennung-KeineKommerzielleNutzung-KeineBearbeitung 2.0, Creative Commons", "CC-BY-NC-ND-2.0"),
    ("Creative Commons Namensnennung 3.0 Österreich", "CC-BY-3.0-AT"),
    (
        "Licence Creative Commons Attribution - Pas d’Utilisation Commerciale - Partage dans les Mêmes Conditions 4.0 International",
        "CC-BY-NC-SA-4.0",
    ),
    ("Creative Commons Paternité-Pas d'Utilisation Commerciale-Pas de Modification 2.0 France", "CC-BY-NC-ND-2.0-FR"),
    ("Creative Commons Attribution - Partage à l’identique 3.0", "CC-BY-SA-3.0"),
    ("Creative Commons Reconocimiento-NoComercial-CompartirIgual 3.0 España", "CC-BY-NC-SA-3.0-ES"),
    ("Creative Commons Atribución/Reconocimiento-NoComercial-SinDerivados 4.0 Internacional", "CC-BY-NC-ND-4.0"),
    ("Creative Commons Attribuzione - Non commerciale - Condividi allo stesso modo 4.0 Internazionale", "CC-BY-NC-SA-4.0"),
    ("Creative Commons Atribuição-NãoComercial-CompartilhaIgual 4.0", "CC-BY-NC-SA-4.0"),
    ("Creative Commons Naamsvermelding-GelijkDelen 3.0 Nederland", "CC-BY-SA-3.0-NL"),
    (f"Out under {CC}/by/4.0/deed.en — enjoy", "CC-BY-4.0"),
    (f"CC BY-SA 3.0 ({CC}/by-sa/3.0/de/)", "CC-BY-SA-3.0-DE"),  # the letters say less, not something else
    ("© 2026 Aoife. All rights reserved.", ALL_RIGHTS_RESERVED),
    ("Alle Rechte vorbehalten", ALL_RIGHTS_RESERVED),
    ("Tous droits réservés", ALL_RIGHTS_RESERVED),
    ("Todos los derechos reservados.", ALL_RIGHTS_RESERVED),
    ("The music is CC BY 4.0; the artwork is CC BY-NC-ND 4.0", "CC-BY-4.0"),
    ("Formerly CC BY 3.0, now CC BY-SA 4.0", "CC-BY-SA-4.0"),
]

NOT_PLAIN = [
    "CC BY 4.0 or CC BY-SA 4.0",
    f"{CC}/by/4.0/ and {CC}/by-nc/4.0/",
    f"CC BY 4.0, see {CC}/by-sa/4.0/",
    f"CC BY-SA 3.0 {CC}/by-sa/4.0/",
    f"{CC}/by/3.0/de/ {CC}/by/3.0/at/",
    "CC BY 4.0. All rights reserved.",
    "Text: CC BY-SA. Music: CC BY-NC 4.0",
    "Shanties, CC-BY-SA",
    "Creative Commons",
    "Licensed under a Creative Commons licence",
    "This is not under CC BY 4.0",
    "No longer licensed under a Creative Commons Attribution 4.0 licence",
    "This release isn't CC BY-SA 4.0",
    f"Not licensed under {CC}/by/4.0/",
    "Steht nicht unter CC BY-SA 4.0",
    "Keine CC BY 4.0",
    "Ce disque n’est pas sous licence CC BY 4.0",
    "Este disco no está bajo una licencia CC BY 4.0",
    "CC BY 4.0 gilt nicht",
    "Unless otherwise noted, CC BY 4.0",
    "CC BY 4.0, except where noted",
    "Soweit nicht anders angegeben: CC BY 4.0",
    "Sauf mention contraire, CC BY-SA 4.0",
    "Salvo indicación contraria, CC BY 4.0",
    "Some rights reserved",
    "All rights reserved, unless otherwise specified by the rightholder.",
    "Cover photo by Bert, CC BY 2.0",
    f"Contains samples by Bert ({CC}/by/3.0/)",
    "CC BY 10.0",
    "CC BY 4.0.1",
    "ACC BY 4.0",
    "send me a cc by mail, version 4",
    "Thanks for the attribution 4.0",
    "℗ & © 2026 Aoife",
    "CC0.5",
]


@pytest.mark.parametrize(("address", "licence"), ADDRESSES)
def test_an_address_of_creative_commons_is_one_licence(address: object, licence: str | None) -> None:
    assert from_address(address) == licence
    assert from_text(address) == licence


@pytest.mark.parametrize(("text", "licence"), TEXTS)
def test_what_a_line_says_plainly(text: str, licence: str) -> None:
    assert from_text(text) == licence
    assert is_known(licence)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_what_is_not_plain_is_no_licence(text: str) -> None:
    assert from_text(text) is None


@pytest.mark.parametrize(
    ("fields", "licence"),
    [
        (["cc-by-4.0", "© 2026 Aoife"], "CC-BY-4.0"),
        ([f"{CC}/by-sa/3.0/de/", "CC BY-SA 3.0", "", None], "CC-BY-SA-3.0-DE"),
        (["cc-by-4.0", f"{CC}/by-nc/4.0/"], None),
        ([f"{CC}/by/4.0/", "All rights reserved"], None),
        (["CC BY-SA", "cc-by-sa-4.0"], "CC-BY-SA-4.0"),
        ([], None),
    ],
)
def test_the_fields_of_a_feed_must_agree(fields: list[object], licence: str | None) -> None:
    assert stated(fields) == licence


@pytest.mark.parametrize(
    ("entry", "feed", "licence"),
    [
        (["CC BY 4.0"], ["All rights reserved"], "CC-BY-4.0"),
        ([], ["All rights reserved"], ALL_RIGHTS_RESERVED),
        (["© 2026 Aoife"], ["cc0-1.0"], "CC0-1.0"),
        (["cc-by-4.0", "cc-by-nc-4.0"], ["All rights reserved"], None),  # contradicts itself: the feed's cannot be meant
        (["CC BY-SA"], ["CC BY 4.0"], None),
    ],
)
def test_what_is_said_of_the_release_itself_counts_before_what_is_said_of_all(
    entry: list[str], feed: list[str], licence: str | None
) -> None:
    assert nearest(entry, feed) == licence


@pytest.mark.parametrize(
    ("licence", "address"),
    [
        ("CC-BY-SA-4.0", f"{CC}/by-sa/4.0/"),
        ("CC-BY-NC-ND-1.0", f"{CC}/by-nd-nc/1.0/"),  # where the first version keeps it
        ("CC-BY-NC-ND-2.0", f"{CC}/by-nc-nd/2.0/"),
        ("CC-BY-2.5-SCOTLAND", f"{CC}/by/2.5/scotland/"),
        ("CC-SAMPLING-PLUS-1.0", f"{CC}/sampling+/1.0/"),
        ("CC0-1.0", "https://creativecommons.org/publicdomain/zero/1.0/"),
        ("CC-PDM-1.0", "https://creativecommons.org/publicdomain/mark/1.0/"),
        ("CC-PDDC", f"{CC}/publicdomain/"),
    ],
)
def test_where_a_deed_lies(licence: str, address: str) -> None:
    deed = deed_of(licence)
    assert deed is not None
    assert deed.address == address
    assert from_address(address) == licence


@pytest.mark.parametrize(
    "licence", ["", "MIT", "CC-BY", "CC-SA-4.0", "CC-BY-4.0-", "CC-BY-4.0-DE", "CC-BY-3.0-XX", "cc-by-4.0", "CC-BY-9.0"]
)
def test_what_is_no_id(licence: str) -> None:
    assert not is_known(licence)


LETTERS = ["CC", "BY", "-", " ", "NC", "SA", "ND", "4.0", "3.0", "DE", "0", ".", "é", "–", "(", "\n"]
WORDS = [
    "not",
    "Attribution",
    "ShareAlike",
    "Namensnennung",
    "Creative Commons",
    "all rights reserved",
    f"{CC}/by/4.0/",
    "publicdomain/zero/",
]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(LETTERS + WORDS) | st.text(max_size=5), max_size=14).map("".join))
def test_whatever_is_written_the_answer_is_an_id_or_none(text: str) -> None:
    found = from_text(text)
    assert found is None or is_known(found)
    deed = deed_of(found) if found else None
    assert deed is None or from_address(deed.address) == found


@pytest.mark.parametrize(
    "piece", ["CC BY-", "Attribution-", "not a ", "creativecommons.org/licenses/by", " ", "non-commercial ", "no ", "CC", "-"]
)
def test_no_text_takes_for_ever(piece: str) -> None:
    assert from_text(piece * 20_000) is None  # a pattern whose time grows with the square would hang here
